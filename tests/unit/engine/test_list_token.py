"""Accepting a token as collateral."""

import ape
import pytest

from tests.crowd import Crowd
from tests.steps import DAY, MAX, WAD, event
from tests.unit.engine.conftest import PERCENT


@pytest.fixture
def priced(make_token, give_feed):
    """A token that is not listed, and its feed, which is live."""
    token = make_token("NEW", 8)
    return token, give_feed(token, 2)


@pytest.fixture
def token(priced):
    return priced[0]


@pytest.fixture
def feed(priced):
    return priced[1]


def test_gives_the_token_the_next_index(engine, token, risk_admin):
    engine.list_token(token, 70 * PERCENT, 75 * PERCENT, MAX, sender=risk_admin)

    assert engine.token_count() == 5
    assert engine.token_at(4) == token
    assert engine.bit_of(token) == engine.listed_bit(token) == 1 << 4


def test_keeps_its_rules(engine, token, risk_admin):
    engine.list_token(token, 70 * PERCENT, 75 * PERCENT, 9 * 10**8, sender=risk_admin)

    rules = (token, 70 * PERCENT, 75 * PERCENT, 75 * PERCENT, 0, 0, 8, False, True, 9 * 10**8)
    assert tuple(engine.rules_of(token)) == rules
    assert engine.maintenance_ltv(token) == 75 * PERCENT
    assert engine.cap_of(token) == 9 * 10**8


def test_without_a_cap_is_not_capped(engine, token, risk_admin):
    engine.list_token(token, 70 * PERCENT, 75 * PERCENT, MAX, sender=risk_admin)

    rules = engine.rules_of(token)
    assert (rules.is_capped, rules.cap) == (False, 0)
    assert engine.cap_of(token) == MAX


def test_logs_the_rules(engine, token, risk_admin):
    receipt = engine.list_token(token, 70 * PERCENT, 75 * PERCENT, 9, sender=risk_admin)

    log = event(receipt, engine.TokenListed)
    assert log == engine.TokenListed(token, 4, 8, 70 * PERCENT, 75 * PERCENT, 9)


def test_leaves_other_tokens_alone(engine, token, weth, risk_admin):
    before = engine.rules_of(weth)

    engine.list_token(token, 70 * PERCENT, 75 * PERCENT, MAX, sender=risk_admin)

    assert engine.rules_of(weth) == before
    assert engine.bit_of(weth) == 2


def test_accepts_a_token_without_weight(engine, token, risk_admin):
    engine.list_token(token, 0, 0, 0, sender=risk_admin)

    assert engine.maintenance_ltv(token) == 0


def test_is_for_the_risk_admin(engine, token, house):
    with ape.reverts("engine: not the risk admin"):
        engine.list_token(token, 70 * PERCENT, 75 * PERCENT, MAX, sender=house)


def test_refuses_the_shares_of_the_pool(engine, pool, risk_admin):
    with ape.reverts("engine: shares are no collateral"):
        engine.list_token(pool, 70 * PERCENT, 75 * PERCENT, MAX, sender=risk_admin)


def test_refuses_an_initial_ltv_above_the_maintenance_ltv(engine, token, risk_admin):
    with ape.reverts("engine: initial LTV too high"):
        engine.list_token(token, 75 * PERCENT + 1, 75 * PERCENT, MAX, sender=risk_admin)


def test_leaves_room_for_the_bonus(engine, token, risk_admin):
    # The largest bonus is 5 %: (1 + 0.05) * x <= 0.99 up to x = 0.942857142857142857.
    largest = 942_857_142_857_142_857

    engine.list_token(token, 0, largest, MAX, sender=risk_admin)

    assert engine.maintenance_ltv(token) == largest


def test_refuses_an_ltv_without_room_for_the_bonus(engine, token, risk_admin):
    with ape.reverts("engine: bonus too large for LTV"):
        engine.list_token(token, 0, 942_857_142_857_142_858, MAX, sender=risk_admin)


def test_refuses_a_token_without_a_feed(engine, make_token, risk_admin):
    with ape.reverts("engine: dead price"):
        engine.list_token(make_token("NEW"), 0, WAD // 2, MAX, sender=risk_admin)


def test_refuses_a_token_with_a_stale_price(chain, engine, token, risk_admin):
    chain.mine(deltatime=86_400 + 1)

    with ape.reverts("engine: dead price"):
        engine.list_token(token, 0, WAD // 2, MAX, sender=risk_admin)


@pytest.mark.parametrize("decimals", [0, 5, 19])
def test_refuses_other_than_6_to_18_decimals(engine, make_token, give_feed, risk_admin, decimals):
    token = make_token("NEW", decimals)
    give_feed(token, 1)

    with ape.reverts("engine: decimals not 6 to 18"):
        engine.list_token(token, 0, WAD // 2, MAX, sender=risk_admin)


@pytest.mark.parametrize("decimals", [6, 7, 18])
def test_accepts_6_to_18_decimals(engine, list_new, decimals):
    token, _ = list_new("NEW", 1, 50, decimals)

    assert engine.rules_of(token).decimals == decimals


def test_refuses_a_token_that_is_listed(engine, weth, risk_admin):
    with ape.reverts("engine: token listed before"):
        engine.list_token(weth, 0, WAD // 2, MAX, sender=risk_admin)


def test_refuses_a_token_that_was_delisted(engine, list_new, with_notice, wait, risk_admin):
    token, feed = list_new("NEW", 1, 0)
    with_notice(engine, "delist_token", token, sender=risk_admin)
    call = engine.list_token.encode_input(token, 0, WAD // 2, MAX)
    engine.announce(call, sender=risk_admin)
    wait(3 * DAY + 1)
    feed.set_answer(10**8, sender=risk_admin)

    with ape.reverts("engine: token listed before"):
        engine.list_token(token, 0, WAD // 2, MAX, sender=risk_admin)


# -- After the market is set up --------------------------------------------------------------------


def test_is_at_once_until_the_market_is_set_up(engine, token, feed, risk_admin, at):
    feed.set_times(1, engine.SET_UP_UNTIL(), sender=risk_admin)
    at(engine.SET_UP_UNTIL())

    engine.list_token(token, 0, WAD // 2, MAX, sender=risk_admin)

    assert engine.token_count() == 5


def test_needs_notice_from_then_on(engine, token, feed, risk_admin, at):
    feed.set_times(1, engine.SET_UP_UNTIL(), sender=risk_admin)
    at(engine.SET_UP_UNTIL() + 1)

    with ape.reverts("notice: not announced"):
        engine.list_token(token, 0, WAD // 2, MAX, sender=risk_admin)


def test_follows_its_notice(engine, token, feed, risk_admin, at):
    call = engine.list_token.encode_input(token, 0, WAD // 2, MAX)
    at(engine.SET_UP_UNTIL())
    ready_at = engine.announce(call, sender=risk_admin).timestamp + 3 * DAY
    feed.set_times(1, ready_at, sender=risk_admin)
    at(ready_at)

    engine.list_token(token, 0, WAD // 2, MAX, sender=risk_admin)

    assert engine.token_at(4) == token


# -- 88 tokens -------------------------------------------------------------------------------------


def test_refuses_an_89th_token(project, market, engine, deployer, house, risk_admin):
    crowd = Crowd(project, market, deployer, house, risk_admin)
    tokens = crowd.create(85)
    crowd.list_tokens(tokens[:84])

    assert engine.token_count() == 88
    assert engine.bit_of(tokens[83]) == 1 << 87
    assert engine.tokens_of(1 << 87 | 2) == [engine.token_at(1), tokens[83]]
    with ape.reverts("engine: too many tokens"):
        crowd.list_tokens(tokens[84:])
