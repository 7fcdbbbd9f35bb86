"""What the package gives to those who test on a market of Ringfence."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ringfence.exceptions import AmountError, NotLiquidatable, RingfenceError
from ringfence.testing import Liquidator, assert_isolated, standing, standings
from ringfence.units import UnitError


@pytest.fixture
def prices(ringfence_prices):
    return ringfence_prices


@pytest.fixture
def helper(ringfence_market, accounts):
    """Who liquidates; the fixture of this name has another meaning in this suite."""
    return Liquidator(ringfence_market, accounts[-3])


@pytest.fixture
def alpha(open_vault, owner):
    """A vault at its limit: 100 WETH are worth 19,384."""
    return open_vault(owner, "alpha", {"WETH": 100}, debt="15,507.2")


@pytest.fixture
def beta(open_vault, neighbour):
    return open_vault(neighbour, "beta", {"WETH": 100, "DAI": "7.5"}, debt=5_000)


# -- The market ------------------------------------------------------------------------------------


def test_the_market_is_governed_by_its_house_and_lends(ringfence_market, ringfence_house):
    market, house = ringfence_market, ringfence_house.address
    factory = market.factory

    assert factory.owner() == factory.risk_admin() == factory.guardian() == house
    assert market.oracle.owner() == market.pool.TREASURY() == house
    assert market.pool.cash() == 10_000_000 * 10**6


def test_a_vault_opens_with_what_it_shall_hold(alpha, owner):
    assert alpha.owner == owner.address
    assert alpha.has_label("alpha")
    assert alpha.balance("WETH") == 100
    assert alpha.collaterals() == ("WETH",)
    assert alpha.debt() == Decimal("15507.2")


def test_a_vault_opens_empty(open_vault, owner):
    vault = open_vault(owner)

    assert vault.has_label("vault")
    assert vault.collaterals() == ()
    assert vault.debt() == 0


def test_owners_that_cannot_be(open_vault, ringfence_market, ringfence_house, owner):
    with pytest.raises(RingfenceError, match="one of the last three test accounts"):
        open_vault(ringfence_house)
    with pytest.raises(RingfenceError, match="no account that can sign; open its vault without"):
        open_vault(ringfence_market.lens, debt=1_000)
    with pytest.raises(RingfenceError, match="-3 is less than nothing"):
        open_vault(owner, "less", {"WETH": -3})


def test_the_vault_of_a_contract_is_filled_by_the_house(open_vault, ringfence_market):
    vault = open_vault(ringfence_market.lens, "of a contract", {"WETH": 2})

    assert vault.owner == ringfence_market.lens.address
    assert vault.balance("WETH") == 2
    assert vault.collaterals() == ()


# -- Prices ----------------------------------------------------------------------------------------


def test_prices_are_set_exactly(ringfence_market, prices):
    prices.set("weth", "1,850.00000001")

    weth = ringfence_market.tokens["WETH"]
    assert ringfence_market.oracle.price_of(weth) == (1850_00000001 * 10**10, True)
    assert prices.of("WETH") == Decimal("1850.00000001")


def test_a_crash_is_a_share_of_the_price(prices, crash):
    before = prices.of("WETH")

    assert crash("WETH", "30 %") == prices.of("WETH") == before * Decimal("0.7")


def test_a_crash_rounds_down(prices):
    prices.set("WETH", "100.00000001")

    assert prices.crash("WETH", "50 %") == 50


@pytest.mark.parametrize("price", ["0.99999999", "100,000.00000001"])
def test_a_price_that_is_not_believed_is_refused(prices, price):
    before = prices.of("WETH")

    with pytest.raises(RingfenceError, match="no price of WETH but 1 to 100,000, and not"):
        prices.set("WETH", price)
    assert prices.of("WETH") == before


@pytest.mark.parametrize("price", ["1", "100,000"])
def test_the_bounds_of_a_price_are_believed(ringfence_market, prices, price):
    prices.set("WETH", price)

    assert ringfence_market.oracle.price_of(ringfence_market.tokens["WETH"])[1]


def test_unknown_tokens_have_no_price(prices):
    with pytest.raises(AmountError, match="no feed prices DOGE; there is one for WETH, WBTC, DAI"):
        prices.set("DOGE", 1)


def test_floats_are_refused(prices):
    with pytest.raises(RingfenceError, match=r'0.1 is a float, which is not exact; write "0.1"'):
        prices.set("DAI", 0.1)


def test_prices_stay_alive_while_time_passes(ringfence_market, prices, chain):
    before = chain.blocks.head.timestamp

    prices.wait("3 days")

    assert chain.blocks.head.timestamp >= before + 3 * 86_400
    assert ringfence_market.oracle.price_of(ringfence_market.tokens["WETH"])[1]


@pytest.mark.parametrize("by", ["-30 %", "0 %", "150 %", "30", 30, Decimal("0.3")])
def test_what_is_no_fall_is_refused(prices, by):
    with pytest.raises((RingfenceError, UnitError), match='write it like "'):
        prices.crash("WETH", by)


@pytest.mark.parametrize("span", ["-1 days", "0 days", 3600])
def test_time_passes_forward(prices, chain, span):
    height = chain.blocks.height

    with pytest.raises((RingfenceError, UnitError), match='write it like "3 days"'):
        prices.wait(span)
    assert chain.blocks.height == height


# -- Liquidation -----------------------------------------------------------------------------------


def test_a_liquidator_needs_no_money_of_its_own(ringfence_market, alpha, helper, crash):
    crash("WETH", "10 %")

    done = helper.liquidate(alpha)

    assert done.repaid > 0
    assert done.lost == done.covered == 0
    weth = ringfence_market.tokens["WETH"]
    assert weth.balanceOf(helper.account) == done.seized * 10**18
    assert alpha.margin.health > 1


def test_a_liquidator_takes_no_more_than_told(alpha, helper, crash):
    crash("WETH", "10 %")

    assert helper.liquidate(alpha.contract, "WETH", "1,000").repaid <= 1_000


def test_the_weakest_collateral_goes_first(open_vault, owner, helper, crash, ringfence_market):
    vault = open_vault(owner, "both", {"WETH": 50, "WBTC": 2}, debt=19_000)
    crash("WETH", "25 %")

    helper.liquidate(vault.address, most=2_000)

    assert ringfence_market.tokens["WBTC"].balanceOf(helper.account) > 0
    assert ringfence_market.tokens["WETH"].balanceOf(helper.account) == 0


def test_the_healthy_are_not_liquidated(alpha, helper):
    with pytest.raises(NotLiquidatable):
        helper.liquidate(alpha)


def test_an_empty_vault_has_nothing_to_seize(open_vault, owner, helper):
    with pytest.raises(RingfenceError, match="has no collateral; its loss can be realised"):
        helper.liquidate(open_vault(owner, "empty"))


def test_a_loss_is_realised(alpha, helper, prices):
    prices.set("WETH", 1)

    helper.liquidate(alpha)

    assert alpha.debt() == 0


def test_what_is_dust_is_written_off(open_vault, owner, helper, prices):
    vault = open_vault(owner, "dust", {"WETH": 8}, debt=1_200)
    prices.set("WETH", 1)

    owed = vault.debt()
    done = helper.realise_loss(vault)

    assert owed <= done.covered + done.lost < owed + 1
    assert vault.debt() == 0


# -- Isolation -------------------------------------------------------------------------------------


def test_a_loss_is_isolated(ringfence_market, alpha, beta, helper, prices):
    before = standings(ringfence_market, but=[alpha])

    prices.set("WETH", 100)
    helper.liquidate(alpha)

    assert beta.address in before
    assert alpha.address not in before
    assert_isolated(before, standings(ringfence_market, but=[alpha]))


def test_vaults_that_open_meanwhile_are_not_compared(ringfence_market, alpha, open_vault, owner):
    before = standings(ringfence_market)

    open_vault(owner, "later")

    assert_isolated(before, standings(ringfence_market))


def test_what_was_touched_is_named(ringfence_market, alpha, beta, owner):
    before = standings(ringfence_market)

    alpha.repay(Decimal(100), owner)

    with pytest.raises(AssertionError, match=f"{alpha.address}: scaled_debt 15507200000 →") as told:
        assert_isolated(before, standings(ringfence_market))
    assert beta.address not in str(told.value)


ASPECTS = {
    "owner": "0x" + 40 * "1",
    "pending_owner": "0x" + 40 * "1",
    "fund_class": 2,
    "hold_until": 7,
    "scaled_debt": 7,
    "collateral_mask": 7,
    "coins": 7,
}


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_counts(ringfence_market, alpha, aspect):
    then = {alpha.address: standing(ringfence_market, alpha.contract)}
    now = {alpha.address: replace(then[alpha.address], **{aspect: ASPECTS[aspect]})}

    with pytest.raises(AssertionError, match=f"{alpha.address}: {aspect} "):
        assert_isolated(then, now)


def test_every_token_counts_that_is_seen_twice(ringfence_market, alpha, dai, usdc):
    then = standing(ringfence_market, alpha.contract)
    token = ringfence_market.tokens["DAI"].address
    touched = replace(then, balances=then.balances | {token: 7})
    listed = replace(then, balances=then.balances | {usdc.address: 7})

    with pytest.raises(AssertionError, match=f"{alpha.address}: {token} 0 → 7"):
        assert_isolated({alpha.address: then}, {alpha.address: touched})
    assert_isolated({alpha.address: then}, {alpha.address: listed})


def test_strays_are_looked_at_if_named(ringfence_market, alpha, usdc, outsider):
    market = ringfence_market
    before = standings(market), standings(market, strays=[usdc])

    usdc.mint(alpha.contract, 5, sender=outsider)

    assert_isolated(before[0], standings(market))
    with pytest.raises(AssertionError, match=f"{usdc.address} 0 → 5"):
        assert_isolated(before[1], standings(market, strays=[usdc]))


def test_nothing_to_compare_is_no_proof():
    with pytest.raises(AssertionError, match="no vault to compare"):
        assert_isolated({}, {})


def test_a_vault_that_is_seen_no_more_is_no_proof(ringfence_market, alpha):
    with pytest.raises(AssertionError, match=f"not seen afterwards: {alpha.address}"):
        assert_isolated(standings(ringfence_market), {})


def test_only_vaults_can_be_left_out(ringfence_market, owner):
    with pytest.raises(RingfenceError, match=f"{owner.address} is no vault of market demo"):
        standings(ringfence_market, but=[owner])


def test_strangers_are_no_vaults(ringfence_market, helper, owner):
    with pytest.raises(AmountError, match="is no vault of market demo"):
        helper.liquidate(owner)
