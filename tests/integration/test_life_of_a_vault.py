"""One vault: opened, funded, levered, liquidated, closed."""

import pytest

from tests.steps import MAX, USDC, WETH, event, give

pytestmark = pytest.mark.short


def test_liquidation_restores_the_target_health(
    market, engine, indebted, weth, usdc, liquidator, set_price
):
    set_price("WETH", 115)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    quote = engine.quote_liquidation(indebted, weth, MAX)

    receipt = indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    log = event(receipt, indebted.Liquidated)
    assert (log.repaid, log.insurance, log.seized) == tuple(quote[:3])
    assert quote[3:] == [0, 0] or tuple(quote[3:]) == (0, 0)
    assert weth.balanceOf(liquidator) == log.seized
    health = engine.margin_of(indebted).health
    assert abs(health - 105 * 10**16) < 10**12


def test_bad_debt_goes_down_the_waterfall(
    market, engine, indebted, weth, usdc, liquidator, pool, set_price
):
    set_price("WETH", 50)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    repaid, insurance, seized, covered, lost = engine.quote_liquidation(indebted, weth, MAX)

    receipt = indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    written = event(receipt, pool.DebtWrittenOff)
    assert seized == 100 * WETH
    assert written.covered_by_shares + written.covered_by_cash == covered
    assert written.lost == lost > 0
    assert indebted.debt() == 0
    assert pool.total_scaled_debt() == 0
