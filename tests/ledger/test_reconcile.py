"""Books and chain agree, or the kind of break is named."""

import json
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from web3.exceptions import Web3RPCError

from ringfence.exceptions import RingfenceError
from ringfence.ledger.cutoff import last_block_until, moment_of
from ringfence.ledger.entries import TRANSFER
from ringfence.ledger.fold import Books
from ringfence.ledger.node import Node
from ringfence.ledger.reading import shapes_of
from ringfence.ledger.reconciliation import findings
from ringfence.market import PARTS
from ringfence.reading import BlockReader
from tests import steps
from tests.python.commands import Shell
from tests.steps import DAY, MAX, USDC, WAD, WETH

HIDES_BALANCES = 8


@pytest.fixture
def shell(market, tmp_path):
    market.manifest.write(tmp_path)
    shell = Shell(tmp_path)
    return lambda line: shell(f"{line} --ledger {tmp_path / 'ledger.db'}")


@pytest.fixture
def lived(market, indebted, other_vault, neighbour, owner, weth, usdc, set_price, liquidator):
    """A market in which much happened, and a liquidation at the end."""
    steps.put(other_vault, weth, 3 * WETH, neighbour)
    other_vault.withdraw(weth, WETH, neighbour, sender=neighbour)
    indebted.borrow(500 * USDC, indebted, sender=owner)
    indebted.repay_from_vault(200 * USDC, sender=owner)
    set_price("WETH", 115)
    steps.give(usdc, liquidator, 20_000 * USDC, indebted)
    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)
    return indebted


@pytest.fixture
def found(market, books, lived):
    """What reconciliation finds now."""
    return lambda: list(findings(market, books(), BlockReader.at(market.provider)))


def test_books_and_chain_agree(found):
    assert found() == []


def test_a_gift_is_a_note(found, lived, outsider, dai):
    dai.mint(outsider, 7, sender=outsider)
    dai.transfer(lived, 7, sender=outsider)

    (note,) = found()
    assert (note.code, note.what, note.chain) == ("unsolicited transfer", dai.address, 7)
    assert not note.is_break


def test_a_strangers_token_breaks_nobodys_books(found, project, lived, outsider):
    stray = outsider.deploy(project.MockToken, "Stray", "STRAY", 6)
    stray.mint(lived, 5, sender=outsider)
    stray.mint(lived, 6, sender=outsider)
    stray.rebase(lived, 7, sender=outsider)
    stray.set_quirks(HIDES_BALANCES, sender=outsider)

    (note,) = found()
    assert (note.code, note.what, note.books) == ("unsolicited transfer", stray.address, 11)
    assert not note.is_break


def test_a_rebase_is_a_break(found, lived, outsider, weth):
    held = weth.balanceOf(lived)
    weth.rebase(lived, held - 1, sender=outsider)

    (break_,) = found()
    assert (break_.code, break_.vault) == ("unlogged change", lived.address)
    assert (break_.books, break_.chain) == (held, held - 1)
    assert break_.is_break


def test_a_fee_is_a_break(found, other_vault, neighbour, outsider, weth):
    weth.set_fee(WAD // 100, sender=outsider)
    receipt = other_vault.withdraw(weth, WETH, neighbour, sender=neighbour)

    (break_,) = found()
    assert (break_.code, break_.vault) == ("fee on transfer", other_vault.address)
    assert break_.books - break_.chain == WETH // 100
    assert break_.since == receipt.block_number


def test_a_hidden_balance_is_a_break(found, lived, outsider, weth):
    weth.set_quirks(HIDES_BALANCES, sender=outsider)

    assert {it.code for it in found()} == {"hidden balance"}


def test_what_a_node_does_not_tell_is_no_break(market, books, lived):
    at = books()
    read = BlockReader.at(market.provider)

    def raw(self, to, data):
        if to == market.tokens["WETH"].address:
            raise Web3RPCError("429 too many requests")
        return real(self, to, data)

    real = BlockReader.raw
    with patch.object(BlockReader, "raw", raw), pytest.raises(Web3RPCError, match="429"):
        list(findings(market, at, read))


def test_every_log_that_is_missing_is_seen_or_says_nothing(
    market, books, store, lived, other_vault, neighbour
):
    """Each log of the ledger is left out in turn: what decides anything is a break, and nothing
    ends in a traceback. Some say only what another log says as well.
    """
    other_vault.enable_collateral(market.tokens["WBTC"], sender=neighbour)
    other_vault.disable_collateral(market.tokens["WBTC"], sender=neighbour)
    books()
    entries, read = list(store.entries()), BlockReader.at(market.provider)
    shapes = everything(market)
    tokens = {bytes.fromhex(it.address[2:]) for it in market.tokens.values()}
    told = {True: [], False: []}
    for lost in entries:
        kept = SimpleNamespace(entries=partial(without, entries, lost))
        found = findings(market, Books.at(market, kept), read)
        is_seen = any(it.is_break for it in found)
        is_move = lost.topics[0] == TRANSFER and lost.address in tokens
        told[is_seen].append("move" if is_move else shapes.get(lost.topics[0], "another"))

    assert not {"move", "VaultOpened", "CollateralDisabled"} & set(told[False])
    assert {"move", "VaultOpened", "CollateralDisabled", "CollateralEnabled"} <= set(told[True])


def everything(market):
    """Names of all events of a market by their first topics."""
    known = {}
    for part in PARTS:
        known |= shapes_of(getattr(market, part).contract_type.events)
    return {topic: shape.name for topic, shape in known.items()}


def without(entries, lost, until=None, of=()):
    """The entries of a ledger that lacks one."""
    return (it for it in entries if it != lost and (not of or it.address in of))


@pytest.mark.parametrize("kind", ["deposit", "loan"])
def test_what_is_missing_is_named(market, books, store, lived, kind):
    books()
    raw = bytes.fromhex(lived.address[2:])
    entries = list(store.entries())
    lost = {
        "deposit": [it for it in entries if it.topics[0] == TRANSFER and raw in it.topics[2]],
        "loan": [it for it in entries if it.address.hex() == market.pool.address[2:].lower()],
    }[kind][-1]
    kept = SimpleNamespace(entries=partial(without, entries, lost))

    found = list(findings(market, Books.at(market, kept), BlockReader.at(market.provider)))

    assert {it.code for it in found} == {"missing event"}
    assert lived.address in {it.vault for it in found}


# -- Which block -----------------------------------------------------------------------------------


def test_a_cutoff_means_the_last_block_until_then(market, chain, lived):
    node = Node(market.provider)
    chain.mine(deltatime=100)
    chain.mine(deltatime=200)

    last = chain.blocks.height
    times = [node.block(it).timestamp for it in range(last + 1)]
    for moment in range(times[-4], times[-1], 7):
        expected = max(it for it in range(last + 1) if times[it] <= moment)
        assert last_block_until(node, moment) == expected
    assert last_block_until(node, times[-1] - 1) < last
    for moment in (times[-1], times[-1] + 1):  # another block may still have this time
        with pytest.raises(RingfenceError, match=r"has not passed this moment yet: .* s older"):
            last_block_until(node, moment)
    with pytest.raises(RingfenceError, match="began after this moment"):
        last_block_until(node, 1)


@pytest.mark.parametrize("cutoff", ["0:00Z", "24:00Z", "00:60Z", "00:00", "noon"])
def test_what_is_no_cutoff(cutoff):
    with pytest.raises(RingfenceError, match=f'"{cutoff}" is no cutoff; write it like 00:00Z'):
        moment_of("2026-11-21", cutoff)


def test_moments_of_a_day():
    assert moment_of("1970-01-02", "00:00Z") == DAY
    assert moment_of("1970-01-02", "23:59Z") == 2 * DAY - 60
    with pytest.raises(RingfenceError, match='"today" is no day and no block'):
        moment_of("today", "00:00Z")


# -- The command -----------------------------------------------------------------------------------


def test_the_command_ends_with_10_on_a_break(shell, lived, outsider, weth):
    assert shell("reconcile").code == 0
    weth.rebase(lived, 5, sender=outsider)

    told = shell("reconcile")
    assert told.code == 10
    assert "vaults 2, breaks 1, notes 0\n" in told.text
    assert f"unlogged change: {weth.address} of {lived.address}" in told.text
    whole = json.loads(shell("reconcile --json").text)
    assert (whole["vaults"], whole["breaks"], whole["notes"]) == (2, 1, 0)
    (fact,) = whole["findings"]
    assert (fact["code"], fact["is_break"], fact["chain"]) == ("unlogged change", True, "5")


def test_two_runs_tell_the_same(shell, lived, outsider, weth, dai, chain):
    weth.mint(lived, 5, sender=outsider)
    day = datetime.fromtimestamp(chain.blocks.head.timestamp, UTC)
    cutoff = day.strftime("%H:%MZ")
    line = f"reconcile --asof {day:%Y-%m-%d} --cutoff {cutoff} --json"
    chain.mine(deltatime=120)
    told = shell(line).text
    dai.mint(lived, 5, sender=outsider)

    assert shell(line).text == told
    assert shell("reconcile --csv").text.startswith("block,code,is_break,vault,what,books,chain")
    assert shell("reconcile --cutoff 00:00Z").code == 2
    assert shell("reconcile --asof 1 --block 1").code == 2
    block = json.loads(shell("reconcile --json").text)["block"]
    assert shell(f"reconcile --asof {block} --json").text == shell("reconcile --json").text
