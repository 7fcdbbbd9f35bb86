"""How many events a second the ledger takes and folds: `make bench-ledger`.

Without EVENTS there are few, to see that what is measured is right.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from eth_utils import to_checksum_address

from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from tests.ledger.stand_in import ROUND, UNIT, StandIn, vault_at

EVENTS = int(os.environ.get("EVENTS", 5_000))
VAULTS = max(EVENTS // 500, 5)
WHOLE = 500_000  # events from which on the goals are asserted
GOAL, MEMORY = 10_000, 500  # events a second, megabytes
OUT = Path("out", "bench-ledger.json")


def test_the_ledger_is_quick(market, tmp_path, monkeypatch):
    first = market.manifest.part("factory").block
    node = StandIn(market, first, VAULTS, EVENTS // VAULTS // ROUND)
    monkeypatch.setattr(Follower, "node", node)
    store = Store.open(str(tmp_path / "ledger.db"), about(market))

    started = time.monotonic()
    Follower(market, store).follow()
    taken = time.monotonic()
    books = Books.at(market, store)
    folded = time.monotonic()

    found = {
        "events": node.events,
        "vaults": VAULTS,
        "taken per second": round(node.events / (taken - started)),
        "folded per second": round(node.events / (folded - taken)),
        "megabytes": megabytes(),
        "megabytes on disk": round((tmp_path / "ledger.db").stat().st_size / 10**6),
    }
    print("\n" + "\n".join(f"{name:<18} {value:>12,}" for name, value in found.items()))
    assert sum(1 for _ in store.entries()) == node.events
    account = books.accounts[to_checksum_address(vault_at(VAULTS - 1))]
    assert account.balances == {market.tokens["WETH"].address: 3 * UNIT * node.rounds}
    assert account.scaled_debt == 100 * UNIT * node.rounds
    assert {it.kind for it in account.flows} == {"deposit", "withdrawal"}
    if EVENTS >= WHOLE:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        assert found["taken per second"] > GOAL
        assert found["folded per second"] > GOAL
        assert found["megabytes"] < MEMORY


def megabytes():
    """The most memory that this process ever had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (10**6 if sys.platform == "darwin" else 10**3))
