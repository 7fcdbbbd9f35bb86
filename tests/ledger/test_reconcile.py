"""Books and chain agree, or the kind of break is named."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete

from ringfence.exceptions import RingfenceError
from ringfence.ledger.cutoff import last_block_until, moment_of
from ringfence.ledger.entries import TRANSFER
from ringfence.ledger.node import Node
from ringfence.ledger.reconciliation import findings
from ringfence.ledger.store import _logs
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


@pytest.fixture
def stray(project, lived, outsider):
    """A token that no market lists, and of which a vault got five."""
    token = outsider.deploy(project.MockToken, "Stray", "STRAY", 6)
    token.mint(lived, 5, sender=outsider)
    return token


def test_a_strangers_token_breaks_nobodys_books(found, stray, lived, outsider):
    stray.rebase(lived, 6, sender=outsider)

    gift, change = found()
    assert (gift.code, gift.what) == ("unsolicited transfer", stray.address)
    assert (change.code, change.books, change.chain) == ("unlogged change", 5, 6)
    assert not change.is_break

    stray.set_quirks(HIDES_BALANCES, sender=outsider)
    assert {it.code for it in found()} == {"unsolicited transfer", "hidden balance"}
    assert not any(it.is_break for it in found())


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


@pytest.mark.parametrize("what", ["transfer", "loan", "opening"])
def test_a_log_that_is_not_in_the_ledger_is_a_break(found, market, books, store, lived, what):
    books()
    raw = bytes.fromhex(lived.address[2:])
    entries = list(store.entries())
    lost = {
        "transfer": [it for it in entries if it.topics[0] == TRANSFER and raw in it.topics[2]],
        "loan": [it for it in entries if it.address.hex() == market.pool.address[2:].lower()],
        "opening": [it for it in entries if it.address.hex() == market.factory.address[2:].lower()],
    }[what][-1]
    with store.engine.begin() as work:
        place = (_logs.c.block == lost.block) & (_logs.c.position == lost.position)
        work.execute(delete(_logs).where(place))

    assert "missing event" in {it.code for it in found()}


# -- Which block -----------------------------------------------------------------------------------


def test_a_cutoff_means_the_last_block_until_then(market, chain, lived):
    node = Node(market.provider)
    chain.mine(deltatime=100)
    chain.mine(deltatime=200)

    last = chain.blocks.height
    times = [node.block(it).timestamp for it in range(last + 1)]
    for moment in range(times[-4], times[-1] + 1, 7):
        expected = max(it for it in range(last + 1) if times[it] <= moment)
        assert last_block_until(node, moment) == expected
    assert last_block_until(node, times[-1]) == last
    assert last_block_until(node, times[-1] - 1) < last
    with pytest.raises(RingfenceError, match=r"has not reached this moment yet: .* 1 s older"):
        last_block_until(node, times[-1] + 1)
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
    assert ": 2 vaults, 1 breaks, 0 notes\n" in told.text
    assert f"unlogged change: {weth.address} of {lived.address}" in told.text
    (fact,) = json.loads(shell("reconcile --json").text)
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
    block = json.loads(shell("reconcile --json").text)[0]["block"]
    assert shell(f"reconcile --asof {block} --json").text == shell("reconcile --json").text
