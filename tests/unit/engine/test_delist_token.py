"""Stopping to accept a token, for good."""

import ape
import pytest

from tests.steps import DAY, MAX, USDC, WAD, ZERO, event, price, put

REVERTS = 1


@pytest.fixture
def weightless(list_new):
    """A listed token with LTV 0."""
    return list_new("NIL", 1, 0)[0]


@pytest.fixture
def refresh(project, oracle, feed_keeper):
    """Let the feed of a token say again what it said."""

    def act(token):
        feed = project.MockFeed.at(oracle.feed_of(token).source, fetch_from_explorer=False)
        feed.set_answer(feed.answer(), sender=feed_keeper)

    return act


@pytest.fixture
def delist(engine, with_notice, risk_admin):
    return lambda token: with_notice(engine, "delist_token", token, sender=risk_admin)


def test_marks_the_token(engine, weightless, delist):
    delist(weightless)

    assert engine.rules_of(weightless).is_delisted is True
    assert engine.token_count() == 5


def test_is_logged(engine, weightless, delist):
    receipt = delist(weightless)

    assert event(receipt, engine.TokenDelisted) == engine.TokenDelisted(weightless)


def test_keeps_the_bit_for_ever(engine, weightless, delist):
    delist(weightless)

    assert engine.bit_of(weightless) == 1 << 4
    with ape.reverts("engine: token delisted"):
        engine.listed_bit(weightless)


def test_stops_deposits(vault, weightless, delist, owner):
    delist(weightless)

    with ape.reverts("engine: token delisted"):
        put(vault, weightless, 1, owner)


def test_counts_nothing_without_a_price(engine, vault, weightless, delist, owner):
    put(vault, weightless, 7 * WAD, owner)

    delist(weightless)

    # Three days of notice are more than the heartbeat of its feed.
    assert engine.margin_of(vault).collateral_value == 0
    assert engine.margin_of(vault).dead_token == ZERO


def test_counts_while_its_price_lives(engine, oracle, vault, weightless, delist, owner, refresh):
    put(vault, weightless, 7 * WAD, owner)
    delist(weightless)

    refresh(weightless)

    assert engine.margin_of(vault).collateral_value == 7 * WAD
    assert engine.margin_of(vault).available_funds == 0


def test_carries_nothing_even_while_its_price_lives(
    engine, market, indebted, weth, delist, feed_keeper
):
    feed = market.feeds["WETH"]
    feed.set_quirks(REVERTS, sender=feed_keeper)
    delist(weth)

    feed.set_quirks(0, sender=feed_keeper)

    margin = engine.margin_of(indebted)
    assert margin.collateral_value == 19_384 * WAD
    assert margin.available_funds == -margin.debt_value


def test_leaves_the_way_out_open(vault, weightless, delist, owner):
    put(vault, weightless, 7 * WAD, owner)
    delist(weightless)

    vault.withdraw(weightless, MAX, owner, sender=owner)

    assert weightless.balanceOf(owner) == 7 * WAD
    assert vault.collateral_mask() == 0


def test_is_seized_from_nobody_without_a_price(
    engine, indebted, weightless, delist, owner, market, feed_keeper
):
    put(indebted, weightless, 7 * WAD, owner)
    delist(weightless)
    price(market, "WETH", 115, feed_keeper)

    with ape.reverts("engine: token not enabled"):
        engine.quote_liquidation(indebted, weightless, MAX)


def test_needs_an_ltv_of_zero(weth, delist):
    with ape.reverts("engine: ramp to zero first"):
        delist(weth)


def test_follows_a_ramp_to_zero(chain, engine, weth, delist, risk_admin, wait):
    engine.set_initial_ltv(weth, 0, sender=risk_admin)
    ends_at = chain.pending_timestamp + 4 * DAY
    engine.ramp_maintenance_ltv(weth, 0, ends_at, sender=risk_admin)
    wait(4 * DAY)

    delist(weth)

    assert engine.rules_of(weth).is_delisted is True


def test_needs_the_last_unit_of_ltv_gone(chain, engine, weth, delist, risk_admin, wait):
    engine.set_initial_ltv(weth, 0, sender=risk_admin)
    ends_at = chain.pending_timestamp + 4 * DAY
    engine.ramp_maintenance_ltv(weth, 1, ends_at, sender=risk_admin)
    wait(4 * DAY)

    with ape.reverts("engine: ramp to zero first"):
        delist(weth)


def test_takes_a_token_with_a_dead_price_at_any_ltv(engine, market, weth, delist, feed_keeper):
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    delist(weth)

    assert engine.rules_of(weth).is_delisted is True
    assert engine.maintenance_ltv(weth) == 0


def test_ends_a_ramp_that_is_under_way(
    chain, engine, market, weth, delist, risk_admin, feed_keeper
):
    engine.set_initial_ltv(weth, 0, sender=risk_admin)
    ends_at = chain.pending_timestamp + 30 * DAY
    engine.ramp_maintenance_ltv(weth, WAD // 2, ends_at, sender=risk_admin)
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    delist(weth)

    assert engine.maintenance_ltv(weth) == 0


def test_needs_notice(engine, weightless, risk_admin):
    with ape.reverts("notice: not announced"):
        engine.delist_token(weightless, sender=risk_admin)


def test_is_for_the_risk_admin(engine, weightless, house):
    with ape.reverts("engine: not the risk admin"):
        engine.delist_token(weightless, sender=house)


def test_refuses_the_credit_asset(engine, usdc, risk_admin):
    with ape.reverts("engine: credit asset stays"):
        engine.delist_token(usdc, sender=risk_admin)


def test_refuses_a_stranger(engine, make_token, risk_admin):
    with ape.reverts("engine: token not listed"):
        engine.delist_token(make_token("NEW"), sender=risk_admin)


def test_happens_once(engine, weightless, delist, risk_admin):
    delist(weightless)

    with ape.reverts("engine: token delisted"):
        engine.delist_token(weightless, sender=risk_admin)


def test_takes_the_only_collateral_of_a_debt_with_it(
    engine, market, indebted, weth, delist, feed_keeper
):
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    delist(weth)

    margin = engine.margin_of(indebted)
    assert margin.collateral_value == margin.health == 0
    assert margin.debt_value > 10_000 * WAD
    assert engine.quote_liquidation(indebted, ZERO, 0)[4] > 10_000 * USDC


def test_a_price_that_comes_back_brings_no_weight_back(
    engine, market, indebted, weth, delist, feed_keeper, refresh
):
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)
    delist(weth)
    market.feeds["WETH"].set_quirks(0, sender=feed_keeper)

    refresh(weth)

    margin = engine.margin_of(indebted)
    assert (margin.collateral_value, margin.health) == (19_384 * WAD, 0)
    # and so it is sold, not written off
    repaid, _, seized, covered, lost = engine.quote_liquidation(indebted, weth, MAX)
    assert repaid >= 10_000 * USDC
    assert 0 < seized < 100 * WAD
    assert (covered, lost) == (0, 0)
