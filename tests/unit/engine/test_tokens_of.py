"""Bits of masks, and the tokens behind them."""

import ape

from tests.unit.engine.conftest import PERCENT


def test_bit_of_is_given_in_the_order_of_listing(engine, usdc, weth, wbtc, dai):
    assert [engine.bit_of(token) for token in (usdc, weth, wbtc, dai)] == [1, 2, 4, 8]


def test_bit_of_a_stranger_is_zero(engine, outsider):
    assert engine.bit_of(outsider) == 0


def test_listed_bit_is_the_bit(engine, dai):
    assert engine.listed_bit(dai) == 8


def test_listed_bit_refuses_a_stranger(engine, outsider):
    with ape.reverts("engine: token not listed"):
        engine.listed_bit(outsider)


def test_tokens_of_are_in_the_order_of_listing(engine, usdc, weth, wbtc, dai):
    assert engine.tokens_of(0) == []
    assert engine.tokens_of(8 | 2) == [weth, dai]
    assert engine.tokens_of(15) == [usdc, weth, wbtc, dai]


def test_is_live_follows_the_oracle(engine, market, weth, outsider, feed_keeper):
    assert engine.is_live(weth) is True

    market.feeds["WETH"].set_answer(0, sender=feed_keeper)

    assert engine.is_live(weth) is False
    assert engine.is_live(outsider) is False


def test_rules_of_refuses_a_stranger(engine, outsider):
    with ape.reverts("engine: token not listed"):
        engine.rules_of(outsider)


def test_maintenance_ltv_refuses_a_stranger(engine, outsider):
    with ape.reverts("engine: token not listed"):
        engine.maintenance_ltv(outsider)


def test_rules_of_are_as_configured(engine, wbtc):
    rules = (wbtc, 75 * PERCENT, 80 * PERCENT, 80 * PERCENT, 0, 0, 8, False, True, 1_000 * 10**8)

    assert tuple(engine.rules_of(wbtc)) == rules


def test_cap_of_a_stranger_is_zero(engine, outsider):
    assert engine.cap_of(outsider) == 0
