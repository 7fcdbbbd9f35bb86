"""What a liquidation takes, pays and writes off.

WETH counts 85 %, WBTC 80 %, DAI 92 %, USDC 93 %; the bonus is 1 % at health 1 and 5 % at 0.9, the
target health 1.05; dust is worth 10, the smallest debt is 1,000.
"""

import ape
import pytest

from tests.steps import DAY, MAX, USDC, WAD, WBTC, WETH, ZERO
from tests.unit.engine.conftest import PERCENT

DAI = 10**18


@pytest.fixture(autouse=True)
def prices(set_price):
    """WETH at 100, DAI at 1; WBTC stays at 7,935."""
    set_price("WETH", 100)


# -- Trigger ---------------------------------------------------------------------------------------


def test_refuses_a_healthy_vault(judge, hold, weth):
    hold(WETH=100 * WETH)

    # 100 * 100 * 85 % carry 8,500.
    with ape.reverts("engine: vault is healthy"):
        judge(8_500 * USDC, weth)


def test_takes_a_vault_that_is_one_unit_short(judge, hold, weth):
    hold(WETH=100 * WETH)

    assert judge(8_500 * USDC + 1, weth).repaid > 0


def test_refuses_a_vault_without_debt(judge, weth):
    with ape.reverts("engine: vault is healthy"):
        judge(0, weth)


def test_needs_no_price_of_a_debt_that_is_not_there(foreign_market, holder, feed_keeper):
    foreign_market.feeds["USDC"].set_quirks(REVERTS, sender=feed_keeper)

    with ape.reverts("engine: vault is healthy"):
        foreign_market.engine.judge(holder, 0, 0, ZERO, MAX, MAX)


# -- Normal mode -----------------------------------------------------------------------------------


@pytest.fixture
def at_the_floor(prices, hold, set_price):
    """1,000 WETH at 90 carry 76,500: a debt of 85,000 has a health of 0.9, and the bonus is 5 %."""
    set_price("WETH", 90)
    hold(WETH=1_000 * WETH)
    return 85_000 * USDC


def test_repays_what_restores_the_target_health(judge, at_the_floor, weth):
    verdict = judge(at_the_floor, weth)

    # (1.05 * 85,000 - 76,500) / (1.05 - 1.05 * 0.85) = 12,750 / 0.1575 = 80,952.380952...
    assert verdict.repaid == 80_952_380_953
    # 80,952.380953 * 1.05 / 90 = 944.444444451666...
    assert verdict.seized == 944_444_444_451_666_666_666
    # A fifth of the bonus, 4,047.61904765: rounded up to 4,047.619048, and again.
    assert verdict.insurance == 809_523_810
    assert (verdict.own_repaid, verdict.bad_debt, verdict.mask) == (0, 0, 15)


def test_repays_no_more_than_the_liquidator_will(judge, at_the_floor, weth):
    verdict = judge(at_the_floor, weth, 9_000 * USDC)

    assert verdict.repaid == 9_000 * USDC
    assert verdict.seized == 105 * WETH
    assert verdict.insurance == 90 * USDC


def test_what_would_leave_too_little_is_cut_and_what_it_seizes_with_it(judge, hold, weth):
    # 16 * 100 * 85 % carry 1,360.
    hold(WETH=16 * WETH)

    cut, part = judge(1_400 * USDC, weth, 600 * USDC), judge(1_400 * USDC, weth, 400 * USDC)

    assert cut.repaid == 400 * USDC
    assert (cut.seized, cut.insurance) == (part.seized, part.insurance)
    assert cut.seized > 4 * WETH


def test_a_small_debt_may_be_repaid_down_to_the_smallest(judge, hold, weth):
    # 11.8 * 100 * 85 % carry 1,003.
    hold(WETH=118 * WETH // 10)

    assert judge(1_005 * USDC, weth, 5 * USDC).repaid == 5 * USDC
    with ape.reverts("engine: repay in full"):
        judge(1_005 * USDC, weth, 5 * USDC + 1)


@pytest.mark.parametrize("more", [0, 1, 40, MAX // 2])
def test_all_of_a_token_is_paid_once(judge, hold, wbtc, more):
    """A unit of WBTC is worth 79.35 of USDC: an offer that is above the price of all but buys no
    unit more is cut to that price.
    """
    hold(WETH=100 * WETH, WBTC=1_000)
    price_of_all = judge(9_000 * USDC, wbtc).repaid

    verdict = judge(9_000 * USDC, wbtc, price_of_all + more)

    assert (verdict.repaid, verdict.seized) == (price_of_all, 1_000)
    assert judge(9_000 * USDC, wbtc, price_of_all - 1).seized == 999


@pytest.mark.parametrize(
    ("held", "debt", "seized"),
    [
        # Each WETH carries 85. Repaying 1,000 buys 10 WETH and a bonus of
        (100, 8_500 * USDC + 1, 10_100000000470588230),  # 1 % and 4 % of 1.17647059e-9: near 1
        (95, 8_500 * USDC, 10_300000000000000000),  # 1 % and half of 4 %: health is 0.95
        (90, 8_500 * USDC, 10_500000000000000000),  # 5 %: health is 0.9
        (89, 8_500 * USDC, 10_470588235294117640),  # what keeps health: 0.89 / 0.85 - 1
    ],
)
def test_pays_a_bonus_that_grows_as_health_falls(judge, hold, weth, held, debt, seized):
    hold(WETH=held * WETH)

    assert judge(debt, weth, 1_000 * USDC).seized == seized


def test_rounds_the_bonus_up_before_the_insurance_share_of_it(judge, hold, weth):
    hold(WETH=100 * WETH)

    verdict = judge(9_000 * USDC, weth, 1_000_000_086)

    # Health is 0.9444..., the bonus 3.2222... %: of 1,000.000086 that is 32.22222499..., rounded up
    # to 32.222225, and a fifth of it is 6.444445. Of the fifth, 200.0000172, the bonus would be
    # 6.44444499..., but of the fifth rounded up, 200.000018, one unit more.
    assert verdict.insurance == 6_444_445


def test_caps_the_bonus_so_that_health_stays(judge, hold, dai):
    hold(DAI=100_000 * DAI)

    verdict = judge(97_872_340_425, dai, 10_000 * USDC)

    # Health is 0.94 and DAI counts 92 %: the bonus is 2.17 %, not 3.4 %.
    assert 10_217 * DAI < verdict.seized < 10_218 * DAI
    assert verdict.insurance == 43_478_261


@pytest.mark.parametrize("parts", [1, 3, 10])
def test_never_lowers_health_by_parts(judge, hold, holder, weth, dai, parts):
    hold(WETH=500 * WETH, DAI=50_000 * DAI)
    debt, healths = 93_000 * USDC, []
    for _ in range(parts):
        weighted = weth.balanceOf(holder) * 85 + dai.balanceOf(holder) * 92 // 100
        healths.append(weighted * USDC * 10**12 // debt // 10**12)
        verdict = judge(debt, weth, 2_000 * USDC)
        hold(WETH=weth.balanceOf(holder) - verdict.seized)
        debt -= verdict.repaid

    assert healths == sorted(healths)


def test_restores_the_same_health_in_one_step_as_in_two(judge, hold, at_the_floor, weth):
    first = judge(at_the_floor, weth, 40_000 * USDC)
    hold(WETH=1_000 * WETH - first.seized)

    second = judge(at_the_floor - first.repaid, weth)

    left = 1_000 * WETH - first.seized - second.seized
    debt = at_the_floor - first.repaid - second.repaid
    health = left * 90 * 85 // 100 // 10**12 * WAD // debt
    assert 105 * PERCENT - 10**12 < health <= 105 * PERCENT + 10**9


def test_takes_all_of_a_token_that_does_not_suffice(judge, hold, weth):
    hold(WETH=10 * WETH, WBTC=WBTC, DAI=0)

    verdict = judge(8_000 * USDC, weth)

    # 850 + 6,348 carry 7,198: health 0.89975, bonus 5 %; 1,000 / 1.05 = 952.380952...
    assert verdict.seized == 10 * WETH
    assert verdict.repaid == 952_380_953
    assert verdict.mask == 15 & ~2


def test_takes_the_last_unit_of_a_token(judge, hold, wbtc):
    hold(WBTC=1, WETH=50 * WETH)

    verdict = judge(8_000 * USDC, wbtc)

    # A hundred-millionth of 7,935, less the bonus of 1 %: 78.56... units, rounded up.
    assert (verdict.repaid, verdict.seized) == (79, 1)


def test_may_leave_less_than_the_smallest_debt_without_the_token(judge, hold, weth):
    hold(WETH=10 * WETH, DAI=100 * DAI)

    verdict = judge(1_100 * USDC, weth)

    # Health is 0.856...: WETH is deep, and DAI is too. 1,000 / 1.01 = 990.099009...
    assert verdict.repaid == 990_099_010
    assert verdict.bad_debt == 0


def test_seizes_a_token_without_weight_with_the_full_bonus(
    engine, market, holder, list_new, deployer
):
    token, _ = list_new("NIL", 1, 0)
    token.rebase(holder, 3_000 * WAD, sender=deployer)

    verdict = engine.judge(holder, 16, 2_000 * USDC, token, MAX, MAX)

    # Health is 0, and only the whole repayment restores it.
    assert verdict.repaid == 2_000 * USDC
    assert verdict.seized == 2_100 * WAD
    assert verdict.insurance == 20 * USDC


# -- Small debts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("debt", [1_000 * USDC, 1_000 * USDC + 1, 1_010 * USDC])
def test_repays_a_small_debt_in_full(judge, hold, weth, debt):
    hold(WETH=115 * WETH // 10)

    verdict = judge(debt, weth)

    assert verdict.repaid == debt


@pytest.mark.parametrize("debt", [1_000 * USDC, 1_000 * USDC + 1, 1_010 * USDC])
def test_takes_nearly_all_of_a_small_debt_from_nobody(judge, hold, weth, debt):
    hold(WETH=115 * WETH // 10)

    with ape.reverts("engine: repay in full"):
        judge(debt, weth, debt - 1)


def test_takes_a_part_of_a_small_debt_that_leaves_the_smallest(judge, hold, weth):
    hold(WETH=115 * WETH // 10)

    assert judge(1_010 * USDC, weth, 5 * USDC).repaid == 5 * USDC
    with ape.reverts("engine: repay in full"):
        judge(1_010 * USDC, weth, 11 * USDC)


def test_leaves_the_smallest_debt_of_a_larger_one(judge, hold, weth):
    hold(WETH=115 * WETH // 10)

    verdict = judge(1_010 * USDC + 1, weth)

    assert verdict.repaid == 10 * USDC + 1


def test_leaves_the_smallest_debt_of_a_much_larger_one(judge, hold, weth):
    hold(WETH=90 * WETH)

    # 7,650 / 8,500 = 0.9: the target needs 8,095.238..., which would leave 404.76.
    assert judge(8_500 * USDC, weth).repaid == 7_500 * USDC


# -- The vault's own credit asset ------------------------------------------------------------------


def test_burns_the_own_credit_asset_first(judge, hold, weth):
    hold(WETH=100 * WETH, USDC=4_000 * USDC)

    verdict = judge(13_000 * USDC, weth)

    # 8,500 and 3,720 carry 12,220 before; afterwards 8,500 stand against 9,000: health 0.9444...,
    # bonus 3.2222... %, need (9,450 - 8,500) / (1.05 - 0.85 * 1.032222...) = 5,503.701319...
    assert verdict.own_repaid == 4_000 * USDC
    assert verdict.repaid == 5_503_701_320
    assert verdict.mask == 15 & ~1


def test_takes_no_more_when_that_restores_health(judge, hold, weth):
    hold(WETH=100 * WETH, USDC=4_000 * USDC)

    verdict = judge(12_300 * USDC, weth)

    assert tuple(verdict) == (4_000 * USDC, 0, 0, 0, 0, 15 & ~1)


def test_takes_no_more_when_that_just_carries_the_debt(judge, hold, weth):
    hold(WETH=100 * WETH, USDC=1_000 * USDC)

    verdict = judge(9_500 * USDC, weth)

    # 8,500 against 8,500: health is 1
    assert (verdict.own_repaid, verdict.repaid) == (1_000 * USDC, 0)


def test_burns_the_last_unit_of_it(judge, hold, usdc):
    hold(WETH=100 * WETH, USDC=1)

    assert tuple(judge(9_000 * USDC, usdc)) == (1, 0, 0, 0, 0, 15 & ~1)


def test_keeps_what_the_debt_does_not_need(judge, hold, usdc):
    hold(USDC=4_000 * USDC)

    verdict = judge(3_900 * USDC, usdc)

    assert tuple(verdict) == (3_900 * USDC, 0, 0, 0, 0, 15)


def test_burns_nothing_that_is_not_enabled(judge, hold, weth):
    hold(WETH=100 * WETH, USDC=4_000 * USDC)

    verdict = judge(9_000 * USDC, weth, mask=2)

    assert verdict.own_repaid == 0
    assert verdict.repaid == 5_503_701_320


def test_burns_the_own_credit_asset_without_any_token(judge, hold):
    hold(WETH=100 * WETH, USDC=1_000 * USDC)

    assert tuple(judge(13_000 * USDC, ZERO)) == (1_000 * USDC, 0, 0, 0, 0, 15 & ~1)


# -- Tokens that cannot be seized ------------------------------------------------------------------


@pytest.mark.parametrize("token", ["usdc", ZERO])
def test_refuses_to_do_nothing(judge, hold, usdc, token):
    hold(WETH=100 * WETH)

    with ape.reverts("engine: nothing to liquidate"):
        judge(9_000 * USDC, usdc if token == "usdc" else token)


def test_refuses_a_token_that_is_not_enabled(judge, hold, weth, dai):
    hold(WETH=100 * WETH, DAI=10_000 * DAI)

    with ape.reverts("engine: token not enabled"):
        judge(9_000 * USDC, dai, mask=2)


def test_refuses_a_stranger(judge, hold, outsider):
    hold(WETH=100 * WETH)

    with ape.reverts("engine: token not enabled"):
        judge(9_000 * USDC, outsider)


def test_refuses_a_token_that_is_not_there(judge, hold, dai):
    hold(WETH=100 * WETH)

    with ape.reverts("engine: token not seizable"):
        judge(9_000 * USDC, dai)


def test_refuses_a_repayment_of_nothing(judge, hold, weth):
    hold(WETH=100 * WETH)

    with ape.reverts("engine: nothing to seize"):
        judge(9_000 * USDC, weth, 0)


def test_refuses_a_repayment_that_buys_nothing(judge, hold, wbtc):
    hold(WBTC=WBTC)

    # A unit of USDC buys 0.000126 units of WBTC.
    with ape.reverts("engine: nothing to seize"):
        judge(7_000 * USDC, wbtc, 1)


# -- Deep mode -------------------------------------------------------------------------------------


def test_closes_a_deep_token_without_insurance(judge, hold, dai):
    hold(DAI=98_000 * DAI)

    # Health is 0.92 * 98 / 97 = 0.9295: not deep yet, the bonus is 1.03 %.
    verdict = judge(97_010 * USDC, dai, 10_000 * USDC)

    assert verdict.insurance > 0
    # Health is 0.92 * 98 / 97.5 = 0.9247: below 0.92 * 1.01.
    verdict = judge(97_500 * USDC, dai, 10_000 * USDC)
    assert (verdict.repaid, verdict.insurance, verdict.seized) == (10_000 * USDC, 0, 10_100 * DAI)


def test_takes_the_whole_deep_token(judge, hold, dai):
    hold(DAI=98_000 * DAI)

    verdict = judge(97_500 * USDC, dai)

    # 98,000 / 1.01 = 97,029.7029702...
    assert (verdict.repaid, verdict.seized) == (97_029_702_971, 98_000 * DAI)
    assert verdict.bad_debt == 97_500 * USDC - 97_029_702_971


@pytest.mark.parametrize("weth_short", [0, 1])
def test_refuses_a_deep_token_while_another_restores_health(judge, hold, dai, weth, weth_short):
    # WETH worth 5 % of the debt carries 425, and DAI 8,648: health 0.9073 is deep for DAI only.
    hold(WETH=5 * WETH - weth_short, DAI=9_400 * DAI)

    if weth_short:
        assert judge(10_000 * USDC, dai).repaid > 0
        return
    with ape.reverts("engine: pick another token"):
        judge(10_000 * USDC, dai)
    assert judge(10_000 * USDC, weth).repaid > 0


@pytest.mark.parametrize("weth_short", [0, 1])
def test_refuses_a_deep_token_over_another_above_dust(judge, hold, dai, weth_short):
    # 5 % of 150 are 7.5, less than dust: WETH worth 10 counts, and a unit less does not.
    hold(WETH=WETH // 10 - weth_short, DAI=140 * DAI)

    if weth_short:
        assert judge(150 * USDC, dai).repaid > 0
        return
    with ape.reverts("engine: pick another token"):
        judge(150 * USDC, dai)


def test_allows_any_token_at_the_floor_health(judge, hold, dai):
    hold(WETH=40 * WETH, DAI=10_000 * DAI)

    # 3,400 and 9,200 carry 12,600 of 14,000: exactly 0.9. A unit less debt, and WETH is better.
    assert judge(14_000 * USDC, dai).repaid > 0
    with ape.reverts("engine: pick another token"):
        judge(14_000 * USDC - 1, dai)


def test_allows_a_deep_token_if_the_other_is_deep_too(judge, hold, dai, weth):
    hold(WETH=50 * WETH, DAI=5_000 * DAI)

    # 4,250 + 4,600 carry 8,850 of 10,400: 0.8509 is deep for both.
    assert judge(10_400 * USDC, dai).repaid > 0
    assert judge(10_400 * USDC, weth).repaid > 0


def test_allows_a_deep_token_if_the_other_is_dead(market, judge, hold, dai, feed_keeper):
    hold(WETH=50 * WETH, DAI=5_000 * DAI)
    feed = market.feeds["WETH"]
    feed.set_times(1, 1, sender=feed_keeper)

    # 8,850 of 9,800 are 0.903: WETH would be normal.
    assert judge(9_800 * USDC, dai).repaid > 0


# -- Bad debt --------------------------------------------------------------------------------------


def test_writes_off_once_no_more_than_dust_is_left(judge, hold):
    hold(DAI=10 * DAI)

    assert judge(5_000 * USDC, ZERO).bad_debt == 5_000 * USDC


def test_writes_nothing_off_while_more_is_left(judge, hold):
    hold(DAI=10 * DAI + 1)

    with ape.reverts("engine: nothing to liquidate"):
        judge(5_000 * USDC, ZERO)


def test_writes_off_less_than_a_tenth_of_the_smallest_debt(
    engine, market, judge, hold, terms, with_notice, risk_admin
):
    new = terms(dust_value=5_000 * WAD)
    with_notice(engine, "set_liquidation_terms", new, sender=risk_admin)

    hold(DAI=100 * DAI)
    assert judge(5_000 * USDC, ZERO).bad_debt == 5_000 * USDC
    hold(DAI=100 * DAI + 1)
    with ape.reverts("engine: nothing to liquidate"):
        judge(5_000 * USDC, ZERO)


def test_writes_off_what_a_thousand_units_of_the_asset_are_worth(
    engine, judge, hold, terms, with_notice, risk_admin
):
    new = terms(dust_value=1)
    with_notice(engine, "set_liquidation_terms", new, sender=risk_admin)

    hold(DAI=DAI // 1_000)
    assert judge(5_000 * USDC, ZERO).bad_debt == 5_000 * USDC
    hold(DAI=DAI // 1_000 + 1)
    with ape.reverts("engine: nothing to liquidate"):
        judge(5_000 * USDC, ZERO)


def test_writes_nothing_off_that_the_collateral_is_worth(judge, hold):
    hold(DAI=95 * DAI // 10)

    with ape.reverts("engine: nothing to liquidate"):
        judge(9 * USDC, ZERO)
    assert judge(9_500_001, ZERO).bad_debt == 9_500_001


def test_adds_up_what_is_dust(judge, hold):
    hold(DAI=5 * DAI, WETH=WETH // 20 + 1)

    with ape.reverts("engine: nothing to liquidate"):
        judge(5_000 * USDC, ZERO)


def test_writes_off_what_own_credit_and_collateral_leave(judge, hold, dai):
    hold(USDC=100 * USDC, DAI=1_010 * DAI)

    verdict = judge(5_000 * USDC, dai)

    assert tuple(verdict) == (100 * USDC, 1_000 * USDC, 0, 1_010 * DAI, 3_900 * USDC, 6)


def test_writes_nothing_off_when_the_liquidator_leaves_more_than_dust(judge, hold, dai):
    hold(DAI=1_010 * DAI)

    assert judge(5_000 * USDC, dai, 990 * USDC).bad_debt == 0


def test_writes_off_when_the_liquidator_leaves_dust(judge, hold, dai):
    hold(DAI=1_010 * DAI)

    verdict = judge(5_000 * USDC, dai, 992 * USDC)

    # 992 * 1.01 = 1,001.92, and 8.08 are left.
    assert verdict.seized == 1_001_92 * DAI // 100
    assert verdict.bad_debt == 4_008 * USDC


# -- Dead prices -----------------------------------------------------------------------------------

REVERTS = 1
HIDES_BALANCES, LIES_ABOUT_BALANCES = 8, 32


@pytest.mark.parametrize(
    ("answer", "counted"),
    [(0, 100_000), (-1, 100_000), (1, 1), (10**7, 1), (200_000 * 10**8, 100_000)],
)
def test_counts_a_dead_token_at_its_answer_within_bounds(
    market, judge, hold, dai, feed_keeper, answer, counted
):
    hold(WETH=WETH, DAI=10_000 * DAI)
    market.feeds["WETH"].set_answer(answer, sender=feed_keeper)
    carried = counted * 85 * USDC // 100 + 9_200 * USDC

    with ape.reverts("engine: vault is healthy"):
        judge(carried, dai)
    assert judge(carried + 1, dai).repaid > 0


def test_counts_a_feed_that_fails_at_its_upper_bound(market, judge, hold, weth, feed_keeper):
    hold(WETH=WETH)
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    with ape.reverts("engine: vault is healthy"):
        judge(85_000 * USDC, weth)


def test_seizes_no_token_with_a_dead_price(market, judge, hold, weth, dai, feed_keeper):
    hold(WETH=50 * WETH, DAI=5_000 * DAI)
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)

    with ape.reverts("engine: token not seizable"):
        judge(9_800 * USDC, weth)
    assert judge(9_800 * USDC, dai).repaid > 0


def test_writes_nothing_off_while_a_dead_token_counts_above_dust(market, judge, hold, feed_keeper):
    hold(WETH=WETH // 10 + 1)
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)

    with ape.reverts("engine: nothing to liquidate"):
        judge(5_000 * USDC, ZERO)


def test_writes_off_while_a_dead_token_is_dust_at_its_upper_bound(market, judge, hold, feed_keeper):
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)

    hold(WETH=WETH // 10_000)
    assert judge(5_000 * USDC, ZERO).bad_debt == 5_000 * USDC

    hold(WETH=WETH // 10_000 + 10**13)
    with ape.reverts("engine: nothing to liquidate"):
        judge(5_000 * USDC, ZERO)


def test_rounds_down_what_a_dead_token_is_worth_at_most(
    engine, oracle, make_token, make_feed, holder, deployer, risk_admin
):
    """At three hundred-millionths each they are worth 10, and less than a unit more: dust."""
    token, feed = make_token("NIL"), make_feed(0.00000001)
    oracle.set_feed(token, feed, DAY, 1, 3, sender=risk_admin)
    engine.list_token(token, 0, 50 * PERCENT, MAX, sender=risk_admin)
    feed.set_answer(4, sender=deployer)

    token.rebase(holder, 10**27 // 3 + 1, sender=deployer)

    assert engine.judge(holder, 16, 5_000 * USDC, ZERO, MAX, MAX).bad_debt == 5_000 * USDC


def test_counts_a_liar_with_a_dead_price_up_to_128_bits(market, judge, weth, deployer, feed_keeper):
    weth.set_claimed_balance(MAX, sender=deployer)
    weth.set_quirks(LIES_ABOUT_BALANCES, sender=deployer)
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)

    with ape.reverts("engine: vault is healthy"):
        judge(5_000 * USDC, ZERO)


def test_writes_off_once_the_dead_token_is_delisted(
    engine, market, judge, hold, weth, feed_keeper, with_notice, risk_admin
):
    hold(WETH=100 * WETH)
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    with_notice(engine, "delist_token", weth, sender=risk_admin)

    assert tuple(judge(5_000 * USDC, ZERO)) == (0, 0, 0, 0, 5_000 * USDC, 15)


def test_seizes_a_delisted_token_whose_price_came_back(
    engine, market, judge, hold, weth, feed_keeper, with_notice, risk_admin
):
    hold(WETH=100 * WETH)
    feed = market.feeds["WETH"]
    feed.set_quirks(REVERTS, sender=feed_keeper)
    with_notice(engine, "delist_token", weth, sender=risk_admin)

    feed.set_quirks(0, sender=feed_keeper)

    # It carries nothing any more, so all of the debt is due.
    assert judge(9_000 * USDC, weth).repaid == 9_000 * USDC


def test_counts_nothing_of_a_token_that_hides_its_balances(judge, hold, weth, dai, deployer):
    hold(WETH=100 * WETH, DAI=9_000 * DAI)
    weth.set_quirks(HIDES_BALANCES, sender=deployer)

    verdict = judge(8_300 * USDC, dai, 1_000 * USDC)

    assert verdict.repaid == 1_000 * USDC
    with ape.reverts("engine: token not seizable"):
        judge(8_300 * USDC, weth)


def test_writes_nothing_off_while_a_token_hides_its_balances(judge, hold, weth, deployer):
    hold(WETH=100 * WETH)
    weth.set_quirks(HIDES_BALANCES, sender=deployer)

    with ape.reverts("engine: nothing to liquidate"):
        judge(5_000 * USDC, ZERO)


# -- A credit asset that does not move -------------------------------------------------------------


def test_a_credit_asset_that_stays_is_no_other_token_to_pick(
    list_new, engine, holder, hold, deployer
):
    # 5,000 * 0.94 + 5,000 * 0.93 against 9,894: health 0.945, deep for the token, not for USDC.
    token, _ = list_new("X", 1, 94)
    token.rebase(holder, 5_000 * WAD, sender=deployer)
    hold(USDC=5_000 * USDC)

    verdict = engine.judge(holder, 1 | 16, 9_894 * USDC, token, MAX, 0)

    assert (verdict.own_repaid, verdict.bad_debt) == (0, 0)
    assert verdict.repaid > 4_900 * USDC
    assert verdict.mask == 1


def test_what_is_worth_the_debt_is_no_loss(judge, hold):
    """However small both are: a hundredth of a WETH is worth 1."""
    hold(WETH=WETH // 100)

    with ape.reverts("engine: nothing to liquidate"):
        judge(1 * USDC, ZERO)
    assert judge(1 * USDC + 1, ZERO).bad_debt == 1 * USDC + 1
