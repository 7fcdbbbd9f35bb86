"""What a vault was worth, and why: to the wei, and as the contracts would have said."""

from dataclasses import astuple
from unittest.mock import patch

from ringfence.performance.attribution import (
    DEPOSITS,
    FEES,
    GIFTS,
    INTEREST,
    LIQUIDATION,
    PRICE,
    WITHDRAWALS,
)
from ringfence.performance.history import HOUR, samples_between
from tests import steps
from tests.steps import DAY, WAD, WETH


def test_parts_add_up(lived, look):
    _, _, history = look(lived)

    assert history.residual == 0
    for before, after in zip(history.moments, history.moments[1:], strict=False):
        assert sum(after.parts.values()) == after.after - before.after


def test_margin_is_what_the_engine_said(market, lived, look):
    looking, account, history = look(lived)

    for it in history.moments[1:]:
        read = looking.sights.market.engine.margin_of
        assert astuple(looking.margin(account, it)) == tuple(read(lived, block_id=it.quotes.block))


def test_position_is_what_the_chain_says(lived, look, usdc, weth):
    _, account, history = look(lived)

    closing = history.closing
    for token in (weth, usdc):
        assert closing.position.balances[token.address] == token.balanceOf(lived)
    assert closing.position.scaled_debt == lived.scaled_debt()
    assert closing.debt == lived.debt() * 10**12


def test_interest_is_what_the_books_tell(lived, look):
    """The credit asset is the quote currency, so nothing of the debt is a matter of prices."""
    _, account, history = look(lived)

    assert history.parts[INTEREST] == -account.interest(lived.debt()) * 10**12


def test_flows_are_no_profit(lived, look):
    _, _, history = look(lived)

    parts = history.parts
    first = next(it.net_flow for it in history.moments if it.net_flow)
    assert parts[DEPOSITS] == first + 300 * WAD  # by a stranger, of the debt
    assert parts[WITHDRAWALS] == -(10_000 + 600 + 200) * WAD  # loans to the owner, and one WETH
    assert parts[GIFTS] == 210 * WAD


def test_a_liquidation_costs_what_its_events_tell(lived, look):
    _, account, history = look(lived)

    (sale,) = account.liquidations
    seized = sale.seized * 115  # [WAD], as WETH cost 115 dollars then
    parts = history.parts
    assert parts[FEES] == -sale.insurance * 10**12 < 0
    assert abs(parts[LIQUIDATION] + parts[FEES] + seized - sale.repaid * 10**12) <= 1  # of rounding


def test_price_is_what_prices_did(vault, owner, weth, set_price, look):
    steps.put(vault, weth, 3 * WETH, owner)
    set_price("WETH", 150)
    set_price("WETH", 170)

    _, _, history = look(vault)

    assert history.parts[PRICE] == 3 * (170 * WAD - 193_840 * WAD // 1_000)
    assert history.parts[DEPOSITS] == 3 * 193_840 * WAD // 1_000


def test_a_part_of_a_life(lived, look):
    """What happened before is in the opening, and two parts of a life make up the whole."""
    _, _, whole = look(lived)
    middle = whole.moments[6].quotes.block

    _, _, later = look(lived, first=middle)

    assert later.opening.after == whole.moments[6].after
    assert later.moments[1:] == whole.moments[7:]


def test_samples_are_hours_of_the_first_three_days_and_then_days():
    assert samples_between(HOUR - 1, 2 * HOUR) == [HOUR]
    assert samples_between(HOUR, 3 * HOUR) == [2 * HOUR]
    first = [it * HOUR for it in range(1, 73)]
    assert samples_between(5, 5 * DAY + 5) == [*first, 4 * DAY, 5 * DAY]
    assert samples_between(0, 4 * DAY + 5) == [*first, 4 * DAY]


def test_what_was_asked_is_asked_once(market, lived, look):
    _, _, first = look(lived)

    with patch("ringfence.ledger.sights.BlockReader", side_effect=AssertionError("asked again")):
        _, _, second = look(lived)

    assert second == first
