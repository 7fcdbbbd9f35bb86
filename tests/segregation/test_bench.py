"""Vaults live, the ledger follows, and all of it is proven: `make bench-proof` with many of them.

Without VAULTS and TRANSACTIONS there are few, to see that what is measured is right.
"""

import json
import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from ape import networks
from ape.utils.testing import DEFAULT_TEST_CHAIN_ID

from ringfence.anvil import free_port
from ringfence.deployment import deploy_market
from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.reconciliation import findings
from ringfence.ledger.store import Store
from ringfence.reading import BlockReader
from ringfence.segregation import files
from ringfence.segregation.chain import following
from ringfence.segregation.checks import PASS
from ringfence.segregation.form import read_report
from ringfence.segregation.report import builds_of, evidence, proof_of, proven
from ringfence.segregation.verification import rooted, verified
from scripts._anvil import anvil
from tests.ledger.test_bench import megabytes
from tests.segregation.mixed_life import HOUSE_VAULTS, live
from tests.segregation.moves import DRAWN

VAULTS = int(os.environ.get("VAULTS", 12))
TRANSACTIONS = int(os.environ.get("TRANSACTIONS", 300))
WHOLE = 1_000  # vaults from which on the goals are asserted
PROVE, VERIFY = 300, 30  # [s]
OUT = Path("out", "bench-proof.json")
MADE_BY = dict.fromkeys(("version", "compiler", "commit", "sources"), "bench")


@pytest.fixture
def market(project, deployer, config):
    """A market on an Anvil of its own."""
    if project.provider.name != "foundry":
        pytest.skip("runs with the suite on Anvil")
    with ExitStack() as stack:
        uri = stack.enter_context(anvil(free_port(), DEFAULT_TEST_CHAIN_ID, "--prune-history"))
        stack.enter_context(networks.parse_network_choice(f"ethereum:local:{uri}"))
        yield deploy_market(project, deployer, config)


class Clock:
    """Says how long each step took."""

    def __init__(self):
        self.seconds, self._last = {}, time.monotonic()

    def lap(self, name):
        now = time.monotonic()
        self.seconds[name], self._last = round(now - self._last, 1), now


def test_many_vaults_are_proven(market, deployer, tmp_path):
    life = live(market, deployer, VAULTS, TRANSACTIONS)
    builds = builds_of(market.project)
    read = BlockReader.at(market.provider)
    store = Store.open(str(tmp_path / "ledger.db"), about(market))

    clock = Clock()
    Follower(market, store).follow()
    clock.lap("follow the ledger")
    books = Books.at(market, store)
    clock.lap("fold it")
    told = evidence(market, books, read)
    clock.lap("gather, and let vaults fail")
    proof = proof_of(market, told)
    clock.lap("collect proofs")
    report = proven(told, proof, builds, {"made_by": MADE_BY} | following(None, None))
    clock.lap("examine")
    path = files.place_of(report, tmp_path)
    files.write(report, path)
    clock.lap("write")
    prove = round(sum(clock.seconds.values()), 1)
    clock.lap("")
    again = read_report(path)
    found = [*verified(again, builds), rooted(again, told["block"]["state_root"])]
    clock.lap("verify offline")

    measured = {
        "vaults": len(report["vaults"]),
        "transactions": life.transactions,
        "transfers": len(report["transfers"]),
        "vaults that failed": len(report["failures"]),
        "trie nodes": len(proof),
        "report, bytes": path.stat().st_size,
        "page, bytes": path.with_suffix(".html").stat().st_size,
        "megabytes": megabytes(),
        "prove, seconds": prove,
        "verify offline, seconds": clock.seconds["verify offline"],
        "steps, seconds": {name: it for name, it in clock.seconds.items() if name},
    }
    print("\n" + json.dumps(measured, indent=2))
    assert {it.id: it.status for it in found} == dict.fromkeys((it.id for it in found), PASS)
    assert [it for it in findings(market, books, read) if it.is_break] == []
    assert life.transactions == TRANSACTIONS
    assert life.moves["opening"] == len(life.vaults) == VAULTS + HOUSE_VAULTS
    assert set(life.moves) == {"opening", "price", *DRAWN}
    assert life.reverted == {}
    assert len(report["failures"]) == len(life.in_debt) >= len(life.vaults) / 10
    if VAULTS >= WHOLE:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
        assert prove < PROVE
        assert clock.seconds["verify offline"] < VERIFY
