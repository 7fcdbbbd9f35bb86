"""A transaction on one vault changes nothing of any other, whoever sends it."""

import pytest

from ringfence.testing import standing
from tests.steps import DAY, MAX, USDC, WBTC, WETH, give, put

pytestmark = pytest.mark.short


@pytest.fixture
def others(market, lent, other_vault, neighbour, house, outsider, weth, wbtc, usdc):
    """A vault in debt, one without, and one of the house, each with several tokens."""
    put(other_vault, weth, 50 * WETH, neighbour)
    put(other_vault, wbtc, 2 * WBTC, neighbour)
    other_vault.borrow(8_000 * USDC, neighbour, sender=neighbour)
    quiet = market.open_vault(neighbour, "quiet", sender=outsider)
    put(quiet, weth, 7 * WETH, neighbour)
    house_vault = market.open_house_vault("treasury", sender=house)
    put(house_vault, usdc, 1_000 * USDC, house)
    return [other_vault, quiet, house_vault]


@pytest.fixture
def unchanged(market, others):
    before = [standing(market, vault) for vault in others]
    yield
    assert [standing(market, vault) for vault in others] == before


def test_everyday_operations(unchanged, indebted, owner, usdc, weth, chain, officer):
    give(usdc, owner, 20_000 * USDC, indebted)
    put(indebted, weth, WETH, owner)
    indebted.borrow(1_000 * USDC, owner, sender=owner)
    indebted.repay(500 * USDC, sender=owner)
    indebted.withdraw(weth, WETH, owner, sender=owner)
    indebted.place_hold(bytes(32), chain.pending_timestamp + DAY, sender=officer)
    indebted.release_hold(sender=officer)
    indebted.repay(MAX, sender=owner)
    indebted.withdraw(weth, MAX, owner, sender=owner)


def test_a_liquidation(unchanged, indebted, liquidator, usdc, weth, set_price):
    set_price("WETH", 115)
    give(usdc, liquidator, 20_000 * USDC, indebted)

    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)


def test_a_loss(unchanged, indebted, pool, liquidator, usdc, weth, set_price):
    set_price("WETH", 30)
    give(usdc, liquidator, 20_000 * USDC, indebted)

    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    assert pool.lender_losses() > 0


def test_acts_of_the_officers(
    unchanged, indebted, market, risk_admin, guardian, officer, house, outsider, with_notice, wbtc
):
    engine, pool, factory = market.engine, market.pool, market.factory
    pool.pause(2, DAY, sender=guardian)
    pool.lower_pause(0, sender=risk_admin)
    engine.set_initial_ltv(wbtc, 0, sender=risk_admin)
    engine.set_token_cap(wbtc, 0, sender=risk_admin)
    pool.set_caps(0, 0, sender=risk_admin)
    with_notice(engine, "raise_maintenance_ltv", wbtc, 90 * 10**16, sender=risk_admin)
    factory.set_guardian(outsider, sender=house)
    factory.set_compliance_officer(outsider, sender=house)
    factory.set_risk_admin(outsider, sender=house)


def test_delisting(unchanged, indebted, market, risk_admin, with_notice, wait, chain, dai, owner):
    put(indebted, dai, 10**18, owner)
    market.engine.set_initial_ltv(dai, 0, sender=risk_admin)
    ends_at = chain.pending_timestamp + 3 * DAY + 60
    market.engine.ramp_maintenance_ltv(dai, 0, ends_at, sender=risk_admin)
    wait(120)

    with_notice(market.engine, "delist_token", dai, sender=risk_admin)

    assert dai.balanceOf(indebted) == 10**18


def test_upkeep_of_the_pool(unchanged, indebted, pool, lender, wait):
    wait(DAY)
    pool.accrue(sender=lender)
    pool.collect(sender=lender)
    pool.withdraw(USDC, lender, lender, sender=lender)
