"""The margin state of a vault in the words of the design, to the unit."""

from dataclasses import replace
from decimal import Decimal

import ape
import pytest

from ringfence.config import CreditAsset, Feed, RateCurve
from ringfence.deployment import deploy_market
from tests import steps
from tests.steps import DAY, MAX, USDC, WAD, WBTC, WETH, ZERO, put

DAI = 10**18
REVERTS, BURNS_GAS, ANSWERS_SHORT = 1, 2, 4
HIDES_BALANCES, TOKEN_BURNS_GAS, LIES_ABOUT_BALANCES = 8, 16, 32


def toward_zero(numerator, denominator):
    quotient = abs(numerator) // abs(denominator)
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def cushion(excess, equity):
    if equity > 0:
        return toward_zero(excess * WAD, equity)
    return -(2**255) if excess < 0 else 0


def expected(collateral, weighted, carried, debt):
    """Every number of a margin from values [WAD] and debt [asset]."""
    owed = debt * 10**12
    equity, excess = collateral - owed, weighted - owed
    return (
        collateral,
        owed,
        equity,
        collateral - carried,
        collateral - weighted,
        weighted * WAD // owed if owed else MAX,
        carried - owed,
        excess,
        cushion(excess, equity),
        debt,
        ZERO,
    )


@pytest.fixture
def margin(engine, told):
    """The margin of a vault, and what it owed when that was asked."""
    return lambda vault: told((engine.margin_of, (vault,)), (vault.debt, ()))


# -- Numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dollars", [193.84, 125, 117.65, 117.64, 115, 100.01, 95, 1])
def test_follows_the_price(margin, indebted, set_price, dollars):
    set_price("WETH", dollars)

    found, debt = margin(indebted)

    worth = 100 * round(dollars * 100) * WAD // 100
    assert tuple(found) == expected(worth, worth * 85 // 100, worth * 80 // 100, debt)


@pytest.mark.parametrize("dollars", [125, 118, 117.66, 117.65, 117.64, 117, 101, 99, 1])
def test_health_below_1_is_equity_below_maintenance_margin(margin, indebted, set_price, dollars):
    set_price("WETH", dollars)

    found, _ = margin(indebted)

    assert (found.health < WAD) == (found.equity < found.maintenance_margin)
    assert (found.available_funds < 0) == (found.equity < found.initial_margin)
    assert found.excess_liquidity == found.equity - found.maintenance_margin


def test_signs_are_those_of_a_short_vault(margin, indebted, set_price):
    set_price("WETH", 115)

    found, debt = margin(indebted)

    assert 10_000 * USDC <= debt < 10_001 * USDC
    assert found.equity == 11_500 * WAD - debt * 10**12 > 0
    assert found.available_funds == 9_200 * WAD - debt * 10**12 < 0
    assert found.excess_liquidity == 9_775 * WAD - debt * 10**12 < 0
    assert found.cushion == -(-found.excess_liquidity * WAD // found.equity) < 0


def test_counts_a_single_unit(engine, vault, wbtc, owner):
    put(vault, wbtc, 1, owner)

    found = engine.margin_of(vault)

    assert found.collateral_value == 7_935 * 10**10
    assert found.available_funds == found.collateral_value * 75 // 100


def test_the_value_of_a_debt_rounds_up(project, deployer, config, lender, owner, outsider):
    feed = Feed(Decimal("1.00000003"), Decimal("0.5"), Decimal(2), 90_000)
    asset = CreditAsset("ODD", 18, feed=feed)
    tokens = tuple(token for token in config.tokens if token.symbol == "WETH")
    market = deploy_market(project, deployer, replace(config, credit_asset=asset, tokens=tokens))
    steps.lend(market, lender, 10_000 * DAI)
    vault = market.open_vault(owner, "odd", sender=outsider)
    put(vault, market.tokens["WETH"], 100 * WETH, owner)

    vault.borrow(1_000 * DAI + 1, owner, sender=owner)

    assert market.engine.margin_of(vault).debt_value == 1_000_000_030_000_000_000_000 + 2


def test_counts_a_single_unit_of_debt(
    chain, project, deployer, config, lender, owner, risk_admin, feed_keeper
):
    free = RateCurve(Decimal("0.8"), Decimal(0), Decimal(0), Decimal(0))  # or it were two at once
    market = deploy_market(project, deployer, replace(config, rates=free))
    steps.lend(market, lender, 1_000 * USDC)
    limits = 1, 1_000 * USDC
    market.pool.announce(market.pool.set_debt_limits.encode_input(*limits), sender=risk_admin)
    chain.mine(deltatime=3 * DAY)
    market.pool.set_debt_limits(*limits, sender=risk_admin)
    steps.refresh(market, feed_keeper)
    vault = market.open_vault(owner, "small", sender=owner)
    put(vault, market.tokens["WETH"], WETH, owner)

    vault.borrow(1, owner, sender=owner)

    assert market.engine.margin_of(vault).debt_value == 10**12


def test_of_an_empty_vault_is_all_zero(engine, vault):
    assert tuple(engine.margin_of(vault)) == expected(0, 0, 0, 0)


def test_of_a_vault_without_debt_has_the_largest_health(engine, vault, weth, owner):
    put(vault, weth, 10 * WETH, owner)

    found = engine.margin_of(vault)

    worth = 19_384 * WAD // 10
    assert tuple(found) == expected(worth, worth * 85 // 100, worth * 80 // 100, 0)
    assert found.health == MAX
    assert found.cushion == 85 * WAD // 100


def test_adds_up_all_tokens(margin, indebted, usdc, wbtc, dai, owner):
    put(indebted, usdc, 1_000 * USDC, owner)
    put(indebted, wbtc, WBTC, owner)
    put(indebted, dai, 500 * DAI, owner)

    found, debt = margin(indebted)

    collateral = (19_384 + 1_000 + 7_935 + 500) * WAD
    weighted = (1_647_640 + 93_000 + 634_800 + 46_000) * WAD // 100
    carried = (1_550_720 + 90_000 + 595_125 + 44_000) * WAD // 100
    assert tuple(found) == expected(collateral, weighted, carried, debt)


def test_leaves_out_what_is_not_enabled(margin, indebted, dai, owner):
    put(indebted, dai, 500 * DAI, owner)
    indebted.disable_collateral(dai, sender=owner)

    found, debt = margin(indebted)

    worth = 19_384 * WAD
    assert tuple(found) == expected(worth, worth * 85 // 100, worth * 80 // 100, debt)


def test_rounds_a_positive_cushion_down(margin, indebted, set_price):
    set_price("WETH", 193.83)

    found, debt = margin(indebted)

    equity, excess = 19_383 * WAD - debt * 10**12, 1_647_555 * WAD // 100 - debt * 10**12
    assert found.cushion == excess * WAD // equity > 0
    assert found.cushion * equity < excess * WAD


def test_rounds_a_negative_cushion_towards_zero(margin, indebted, set_price):
    set_price("WETH", 115.01)

    found, debt = margin(indebted)

    equity, excess = 11_501 * WAD - debt * 10**12, 977_585 * WAD // 100 - debt * 10**12
    assert found.cushion == excess * WAD // equity + 1 < 0


# -- What counts when risk grows only --------------------------------------------------------------


def test_a_cap_counts_in_available_funds_only(engine, margin, indebted, weth, risk_admin):
    engine.set_token_cap(weth, 10 * WETH, sender=risk_admin)

    found, debt = margin(indebted)

    worth = 19_384 * WAD
    assert tuple(found) == expected(worth, worth * 85 // 100, worth * 8 // 100, debt)


def test_a_lower_second_price_counts_in_available_funds_only(
    oracle, margin, indebted, weth, make_feed, with_notice, risk_admin
):
    args = (weth, make_feed(150), 30 * DAY, 10**8, 10**13)
    with_notice(oracle, "set_second_feed", *args, sender=risk_admin)

    found, debt = margin(indebted)

    worth = 19_384 * WAD
    assert tuple(found) == expected(worth, worth * 85 // 100, 12_000 * WAD, debt)


def test_an_initial_ltv_counts_in_available_funds_only(engine, margin, indebted, weth, risk_admin):
    engine.set_initial_ltv(weth, 0, sender=risk_admin)

    found, debt = margin(indebted)

    worth = 19_384 * WAD
    assert tuple(found) == expected(worth, worth * 85 // 100, 0, debt)


# -- Dead prices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quirk", "counted"), [(REVERTS, 100_000), (BURNS_GAS, 100_000), (ANSWERS_SHORT, 100_000)]
)
def test_counts_a_feed_that_fails_at_its_upper_bound(
    market, margin, indebted, weth, feed_keeper, quirk, counted
):
    market.feeds["WETH"].set_quirks(quirk, sender=feed_keeper)

    found, debt = margin(indebted)

    worth = 100 * counted * WAD
    assert tuple(found) == (*expected(worth, worth * 85 // 100, 0, debt)[:-1], weth)


@pytest.mark.parametrize(
    ("answer", "dollars"), [(0, 100_000), (-5, 100_000), (10**8 - 1, 1), (10**13 + 1, 100_000)]
)
def test_counts_a_dead_answer_within_its_bounds(
    market, margin, indebted, weth, feed_keeper, answer, dollars
):
    market.feeds["WETH"].set_answer(answer, sender=feed_keeper)

    found, debt = margin(indebted)

    worth = 100 * dollars * WAD
    assert tuple(found) == (*expected(worth, worth * 85 // 100, 0, debt)[:-1], weth)


def test_counts_a_stale_answer(market, margin, indebted, weth, feed_keeper):
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)

    found, debt = margin(indebted)

    worth = 19_384 * WAD
    assert tuple(found) == (*expected(worth, worth * 85 // 100, 0, debt)[:-1], weth)


@pytest.mark.parametrize("quirk", [HIDES_BALANCES, TOKEN_BURNS_GAS])
def test_counts_nothing_of_a_token_that_does_not_tell(margin, indebted, weth, deployer, quirk):
    weth.set_quirks(quirk, sender=deployer)

    found, debt = margin(indebted)

    assert tuple(found) == (*expected(0, 0, 0, debt)[:-1], weth)


def test_counts_a_liar_up_to_128_bits(margin, indebted, weth, deployer):
    weth.set_claimed_balance(MAX, sender=deployer)
    weth.set_quirks(LIES_ABOUT_BALANCES, sender=deployer)

    found, debt = margin(indebted)

    worth = 2**128 - 1
    assert tuple(found) == expected(worth, worth * 85 // 100, worth * 80 // 100, debt)


def test_names_the_first_dead_token(market, engine, indebted, weth, dai, owner, feed_keeper):
    put(indebted, dai, DAI, owner)
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)
    market.feeds["DAI"].set_quirks(REVERTS, sender=feed_keeper)

    assert engine.margin_of(indebted).dead_token == weth


def test_names_no_dead_token_that_the_vault_does_not_hold(market, engine, indebted, feed_keeper):
    market.feeds["DAI"].set_quirks(REVERTS, sender=feed_keeper)

    assert engine.margin_of(indebted).dead_token == ZERO


# -- Refused ---------------------------------------------------------------------------------------


def test_refuses_what_is_no_vault(engine, outsider):
    with ape.reverts("engine: not a vault"):
        engine.margin_of(outsider)


def test_refuses_the_implementation(engine, market):
    with ape.reverts("engine: not a vault"):
        engine.margin_of(market.implementation)


def test_refuses_a_debt_without_a_price(foreign_market, owner, lender, feed_keeper):
    market = foreign_market
    market.asset.mint(lender, 10_000 * USDC, sender=lender)
    market.asset.approve(market.pool, MAX, sender=lender)
    market.pool.deposit(10_000 * USDC, lender, sender=lender)
    vault = market.open_vault(owner, "vault", sender=owner)
    put(vault, market.tokens["WETH"], 100 * WETH, owner)
    vault.borrow(1_100 * USDC, owner, sender=owner)
    priced = market.engine.margin_of(vault)
    market.feeds["USDC"].set_quirks(REVERTS, sender=feed_keeper)

    assert priced.debt_value == priced.debt * 11 * 10**11
    with ape.reverts("engine: dead credit price"):
        market.engine.margin_of(vault)


def test_needs_no_price_of_a_debt_that_is_not_there(foreign_market, owner, feed_keeper):
    vault = foreign_market.open_vault(owner, "vault", sender=owner)
    foreign_market.feeds["USDC"].set_quirks(REVERTS, sender=feed_keeper)

    assert tuple(foreign_market.engine.margin_of(vault)) == expected(0, 0, 0, 0)
