import ape
import pytest

from ringfence.market import instance
from ringfence.model.fixed_point import RAY, mul_div_down
from tests.steps import DAY, MAX, USDC, WAD, WBTC, WETH, ZERO, event, events, give, put
from tests.unit.vault.conftest import DAI, RETURNS_NOTHING

# -- Sizing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dollars", [117.6, 115, 110, 106, 103.5, 102])
def test_does_what_the_model_says(short, weth, set_price, liquidate, judge, dollars):
    set_price("WETH", dollars)
    verdict_in = judge(short, weth)

    receipt = liquidate(short, weth)

    log, verdict = event(receipt, short.Liquidated), verdict_in(receipt)
    assert (log.repaid, log.insurance) == (verdict.repaid, verdict.insurance)
    assert (log.seized, log.own_repaid) == (verdict.seized, 0)


# Bonus: 1 % + 4 % * (1 - health) / 0.1, from 0.9 down 5 %, never above health / 0.85 - 1; the rate
# is read off what was seized, to a millionth.
@pytest.mark.parametrize(
    ("dollars", "bonus"),
    [
        (115, 1.9),  # health 0.9775
        (110, 3.6),  # health 0.935
        (106, 5.0),  # floor: health 0.901, 1 + 3.96 would be 4.96
        (105, 5.0),  # health 0.8925, and the cap is 0.05 as well
        (103, 3.0),  # health 0.8755: the cap
        (102, 2.0),  # health 0.867: the cap
    ],
)
def test_the_bonus_grows_until_it_would_lower_health(
    short, weth, set_price, liquidate, dollars, bonus
):
    set_price("WETH", dollars)

    log = event(liquidate(short, weth, 1_000 * USDC), short.Liquidated)

    expected = 4.96 if dollars == 106 else bonus
    worth = log.seized * dollars / WETH / (log.repaid / USDC)
    assert worth == pytest.approx(1 + expected / 100, abs=1e-6)


def test_restores_the_target_health(engine, short, weth, liquidate):
    liquidate(short, weth)

    # Rounding is in the liquidator's disfavour, so health lands at 1.05 or a little above.
    health = engine.margin_of(short).health
    assert 105 * 10**16 - 10**10 <= health < 105 * 10**16 + 10**12


def test_a_second_liquidation_finds_a_healthy_vault(short, weth, liquidate):
    liquidate(short, weth)

    with ape.reverts("engine: vault is healthy"):
        liquidate(short, weth)


def test_repays_no_more_than_allowed(short, weth, liquidate, judge):
    verdict_in = judge(short, weth, 700 * USDC)

    receipt = liquidate(short, weth, 700 * USDC)

    log = event(receipt, short.Liquidated)
    assert log.repaid == 700 * USDC
    assert log.seized == verdict_in(receipt).seized


def test_a_part_raises_health(engine, short, weth, liquidate):
    before = engine.margin_of(short).health

    liquidate(short, weth, 700 * USDC)

    assert before < engine.margin_of(short).health < WAD


def test_burns_scaled_debt_for_the_repayment(short, weth, liquidate, index_in):
    before = short.scaled_debt()

    receipt = liquidate(short, weth)

    log = event(receipt, short.Liquidated)
    burned = mul_div_down(log.repaid, RAY, index_in(receipt))
    assert log.scaled_debt == short.scaled_debt() == before - burned


def test_refuses_a_deep_token_while_another_can_restore_health(
    indebted, weth, dai, owner, usdc, liquidator, set_price, liquidate
):
    # 5,000 * 0.92 + 100 * 54 * 0.85 = 9,190: health 0.919. Selling DAI at a bonus of 1 % would
    # lower it (0.919 / 0.92 < 1.01), selling WETH would not (0.919 / 0.85 = 1.08).
    put(indebted, dai, 5_000 * DAI, owner)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    set_price("WETH", 54)

    with ape.reverts("engine: pick another token"):
        liquidate(indebted, dai)
    liquidate(indebted, weth)


def test_below_the_floor_any_token_will_do(two_tokens, weth, set_price, liquidate, judge):
    # 100 * 85 * 0.85 + 1,587 * 0.8 = 8,494.6: health 0.849.
    set_price("WETH", 85)
    verdict_in = judge(two_tokens, weth)

    receipt = liquidate(two_tokens, weth)

    log, verdict = event(receipt, two_tokens.Liquidated), verdict_in(receipt)
    assert (log.repaid, log.insurance, log.seized) == (verdict.repaid, 0, verdict.seized)


def test_takes_the_better_token_first_and_the_deep_one_after(
    two_tokens, weth, wbtc, set_price, liquidate, judge
):
    set_price("WETH", 85)
    first_in = judge(two_tokens, wbtc)
    first = liquidate(two_tokens, wbtc)

    second = liquidate(two_tokens, weth)

    assert event(first, two_tokens.Liquidated).seized == 2 * 10**7 == first_in(first).seized
    assert event(second, two_tokens.Liquidated).insurance == 0
    assert two_tokens.debt() == 0


def test_a_deep_token_alone_is_sold_without_insurance(short, weth, set_price, liquidate, judge):
    # Weight 8,400 of 10,000: all is sold at a bonus of 1 %, the rest is lost.
    set_price("WETH", 98.8)
    verdict_in = judge(short, weth)

    receipt = liquidate(short, weth)

    log, verdict = event(receipt, short.Liquidated), verdict_in(receipt)
    assert (log.repaid, log.insurance, log.seized) == (verdict.repaid, 0, 100 * WETH)
    assert event(receipt, short.LossRealised).bad_debt == verdict.bad_debt > 0


@pytest.mark.parametrize("order", [("WBTC", "DAI"), ("DAI", "WBTC")])
def test_lenders_pay_no_more_than_the_smallest_bonus_in_any_order(
    lent, market, vault, wbtc, dai, owner, usdc, pool, liquidator, set_price, liquidate, order
):
    # Worth 101,086 against 100,000: 4 % of bonus on WBTC would be paid by the lenders.
    put(vault, wbtc, 16 * WBTC, owner)
    put(vault, dai, 28_388 * DAI, owner)
    vault.borrow(100_000 * USDC, owner, sender=owner)
    set_price("WBTC", 4_543.625)
    give(usdc, liquidator, 200_000 * USDC, vault)

    for symbol in order:
        if vault.debt() > 0:
            liquidate(vault, market.tokens[symbol])

    assert vault.debt() == 0
    assert pool.lender_losses() <= 10 * USDC  # dust


# -- Tokens with other decimals --------------------------------------------------------------------


@pytest.mark.parametrize("decimals", [6, 8, 12, 18])
def test_sizes_tokens_of_6_to_18_decimals(
    vault, lent, list_token, owner, usdc, liquidator, liquidate, judge, chain, decimals
):
    token = list_token("T", decimals, ltv=80 * 10**16)
    put(vault, token, 20_000 * 10**decimals, owner)
    vault.borrow(15_500 * USDC, owner, sender=owner)
    put(vault, token, 1, owner)
    token.rebase(vault, 19_000 * 10**decimals, sender=owner)
    give(usdc, liquidator, 100_000 * USDC, vault)
    verdict_in = judge(vault, token)

    receipt = liquidate(vault, token)

    log, verdict = event(receipt, vault.Liquidated), verdict_in(receipt)
    assert (log.repaid, log.insurance, log.seized) == (
        verdict.repaid,
        verdict.insurance,
        verdict.seized,
    )
    assert token.balanceOf(liquidator) == log.seized


def test_seizes_delisted_collateral_while_its_price_lives(
    project, two_tokens, oracle, list_token, delist, owner, fund, set_price, liquidator, liquidate
):
    token = list_token("X")
    put(two_tokens, token, 1_000 * 10**18, owner)
    delist(token)
    feed = instance(project, "MockFeed", oracle.feed_of(token).source)
    feed.set_answer(10**8, sender=owner)
    set_price("WETH", 50)

    liquidate(two_tokens, token)

    assert token.balanceOf(liquidator) == 1_000 * 10**18
    assert token.balanceOf(fund) == 0
    assert token.address not in two_tokens.collaterals()


# -- Movements -------------------------------------------------------------------------------------


def test_collateral_goes_to_the_receiver_and_money_to_the_pool(
    short, weth, usdc, pool, liquidator, outsider
):
    money, cash = usdc.balanceOf(liquidator), usdc.balanceOf(pool)

    receipt = short.liquidate(weth, MAX, 0, outsider, MAX, b"", sender=liquidator)

    log = event(receipt, short.Liquidated)
    paid = log.repaid + log.insurance
    assert (weth.balanceOf(outsider), weth.balanceOf(liquidator)) == (log.seized, 0)
    assert usdc.balanceOf(liquidator) == money - paid
    assert usdc.balanceOf(pool) == pool.cash() == cash + paid


def test_the_insurance_fund_gets_shares_for_its_part(short, weth, pool, fund, liquidate):
    before = pool.balanceOf(fund)

    receipt = liquidate(short, weth)

    paid = event(receipt, pool.InsurancePaid)
    assert paid.assets == event(receipt, short.Liquidated).insurance > 0
    assert pool.balanceOf(fund) >= before + paid.shares


def test_logs_all_of_it(short, weth, liquidator, outsider, judge):
    verdict_in = judge(short, weth)

    receipt = short.liquidate(weth, MAX, 0, outsider, MAX, b"", sender=liquidator)

    verdict = verdict_in(receipt)
    assert event(receipt, short.Liquidated).event_arguments == {
        "liquidator": liquidator.address,
        "token": weth.address,
        "receiver": outsider.address,
        "repaid": verdict.repaid,
        "insurance": verdict.insurance,
        "seized": verdict.seized,
        "own_repaid": 0,
        "scaled_debt": short.scaled_debt(),
    }
    assert not events(receipt, short.LossRealised)


def test_the_surplus_stays_in_the_vault(short, weth, usdc, owner, liquidate):
    received = weth.balanceOf(owner), usdc.balanceOf(owner)

    log = event(liquidate(short, weth), short.Liquidated)

    assert weth.balanceOf(short) == 100 * WETH - log.seized
    assert (weth.balanceOf(owner), usdc.balanceOf(owner)) == received
    assert short.collaterals() == [weth.address]


def test_the_owner_gets_the_surplus_out(short, weth, usdc, owner, liquidate):
    liquidate(short, weth)
    give(usdc, owner, 100_000 * USDC, short)
    left = weth.balanceOf(short)

    short.repay(MAX, sender=owner)
    short.withdraw(weth, MAX, owner, sender=owner)

    assert weth.balanceOf(owner) == left


def test_a_blocked_owner_stops_nothing(short, weth, usdc, owner, liquidate):
    weth.set_blocked(owner, True, sender=owner)
    usdc.set_blocked(owner, True, sender=owner)

    log = event(liquidate(short, weth), short.Liquidated)

    assert log.repaid > 0


def test_a_hold_and_a_pause_stop_nothing(short, weth, pool, officer, guardian, chain, liquidate):
    short.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)
    pool.pause(2, DAY, sender=guardian)

    log = event(liquidate(short, weth), short.Liquidated)

    assert log.repaid > 0


def test_the_owner_liquidates_as_others_do(short, weth, usdc, owner, judge):
    give(usdc, owner, 100_000 * USDC, short)
    verdict_in = judge(short, weth)

    receipt = short.liquidate(weth, MAX, 0, owner, MAX, b"", sender=owner)

    log, verdict = event(receipt, short.Liquidated), verdict_in(receipt)
    assert (log.repaid, log.insurance, log.seized) == (
        verdict.repaid,
        verdict.insurance,
        verdict.seized,
    )


def test_never_takes_money_that_was_approved_by_others(short, weth, usdc, lender, outsider):
    give(usdc, lender, 100_000 * USDC, short)

    with ape.reverts("token: allowance too low"):
        short.liquidate(weth, MAX, 0, outsider, MAX, b"", sender=outsider)

    assert usdc.balanceOf(lender) == 100_000 * USDC


def test_a_liquidator_without_money_gets_nothing(short, weth, usdc, outsider):
    usdc.approve(short, MAX, sender=outsider)

    with ape.reverts("token: balance too low"):
        short.liquidate(weth, MAX, 0, outsider, MAX, b"", sender=outsider)


# -- Bits ------------------------------------------------------------------------------------------


def test_exhausting_a_token_clears_its_bit(two_tokens, weth, wbtc, set_price, liquidate):
    set_price("WETH", 85)

    receipt = liquidate(two_tokens, wbtc)

    assert wbtc.balanceOf(two_tokens) == 0
    assert event(receipt, two_tokens.CollateralDisabled).token == wbtc.address
    assert two_tokens.collaterals() == [weth.address]


def test_may_leave_a_debt_below_the_smallest_when_a_token_is_exhausted(
    vault, lent, weth, dai, owner, usdc, pool, liquidator, set_price, liquidate
):
    # 1,000 of 1,000 DAI * 0.92 and 11 WETH * 0.85; at 8 a WETH 74.8 + 920 < 1,000 and DAI is deep
    # against WETH's worth of 88, which is above 5 % of the debt: WETH goes first, and all of it.
    put(vault, dai, 1_000 * DAI, owner)
    put(vault, weth, 11 * WETH, owner)
    vault.borrow(1_000 * USDC, owner, sender=owner)
    set_price("WETH", 8)
    give(usdc, liquidator, 100_000 * USDC, vault)

    liquidate(vault, weth)

    assert 0 < vault.debt() < pool.min_debt()
    assert vault.collaterals() == [dai.address]


# -- The vault's own credit asset ------------------------------------------------------------------


def test_own_money_repays_first_and_without_bonus(
    with_cash, weth, usdc, set_price, liquidate, judge
):
    # 100 * 90 * 0.85 + 2,000 * 0.93 = 9,510 < 10,000; then 7,650 < 8,000.
    set_price("WETH", 90)
    verdict_in = judge(with_cash, weth)

    receipt = liquidate(with_cash, weth)

    log, verdict = event(receipt, with_cash.Liquidated), verdict_in(receipt)
    assert log.own_repaid == 2_000 * USDC == verdict.own_repaid
    assert (log.repaid, log.insurance, log.seized) == (
        verdict.repaid,
        verdict.insurance,
        verdict.seized,
    )
    assert usdc.balanceOf(with_cash) == 0


def test_spent_own_money_clears_its_bit(with_cash, weth, set_price, liquidate):
    set_price("WETH", 90)

    liquidate(with_cash, weth)

    assert with_cash.collaterals() == [weth.address]


def test_own_money_that_suffices_is_all_that_goes(
    with_cash, weth, usdc, pool, liquidator, set_price, liquidate
):
    # 8,032.5 + 1,860 < 10,000, but 8,032.5 > 8,000 once the own money is spent.
    set_price("WETH", 94.5)
    money, cash = usdc.balanceOf(liquidator), pool.cash()

    log = event(liquidate(with_cash, weth), with_cash.Liquidated)

    assert (log.repaid, log.insurance, log.seized) == (0, 0, 0)
    assert log.own_repaid == 2_000 * USDC == pool.cash() - cash
    assert usdc.balanceOf(liquidator) == money


def test_asks_nothing_of_who_has_nothing_to_pay(
    with_cash, weth, usdc, liquidator, outsider, set_price, liquidate
):
    set_price("WETH", 94.5)
    usdc.set_blocked(liquidator, True, sender=outsider)

    log = event(liquidate(with_cash, weth), with_cash.Liquidated)

    assert (log.repaid, log.own_repaid) == (0, 2_000 * USDC)


def test_naming_the_credit_asset_burns_own_money_only(with_cash, weth, usdc, set_price, liquidate):
    set_price("WETH", 90)

    log = event(liquidate(with_cash, usdc), with_cash.Liquidated)

    assert (log.repaid, log.seized, log.own_repaid) == (0, 0, 2_000 * USDC)
    assert weth.balanceOf(with_cash) == 100 * WETH


def test_own_money_that_does_not_move_stays_and_counts(
    with_cash, weth, usdc, outsider, set_price, liquidate, judge
):
    # 7,650 + 1,860 carry 9,510 of 10,000: WETH restores health, and the credit asset is untouched.
    set_price("WETH", 90)
    usdc.set_blocked(with_cash, True, sender=outsider)
    verdict_in = judge(with_cash, weth, burnable=0)

    receipt = liquidate(with_cash, weth)

    log, verdict = event(receipt, with_cash.Liquidated), verdict_in(receipt)
    assert (log.own_repaid, log.repaid, log.seized) == (0, verdict.repaid, verdict.seized)
    assert with_cash.collaterals() == [usdc.address, weth.address]
    assert usdc.balanceOf(with_cash) == 2_000 * USDC


def test_own_money_that_is_not_enabled_stays(with_cash, weth, usdc, owner, set_price, liquidate):
    with_cash.disable_collateral(usdc, sender=owner)
    set_price("WETH", 110)

    log = event(liquidate(with_cash, weth), with_cash.Liquidated)

    assert log.own_repaid == 0
    assert usdc.balanceOf(with_cash) == 2_000 * USDC


def test_naming_the_credit_asset_without_any_does_nothing(short, usdc, liquidate):
    with ape.reverts("engine: nothing to liquidate"):
        liquidate(short, usdc)


# -- What the liquidator insists on ----------------------------------------------------------------


def test_succeeds_at_exactly_what_is_demanded(engine, short, weth, liquidator):
    seized = engine.quote_liquidation(short, weth, 700 * USDC)[2]

    receipt = short.liquidate(weth, 700 * USDC, seized, liquidator, MAX, b"", sender=liquidator)

    assert event(receipt, short.Liquidated).seized == seized


def test_reverts_when_less_would_be_seized(engine, short, weth, liquidator):
    # a millionth more: the bonus grows by less in the seconds until the transaction
    demanded = engine.quote_liquidation(short, weth, 700 * USDC)[2] * 1_000_001 // 1_000_000

    with ape.reverts("vault: seizes too little"):
        short.liquidate(weth, 700 * USDC, demanded, liquidator, MAX, b"", sender=liquidator)


def test_reverts_when_own_money_suffices_but_collateral_is_demanded(
    with_cash, weth, set_price, liquidator
):
    set_price("WETH", 94.5)

    with ape.reverts("vault: seizes too little"):
        with_cash.liquidate(weth, MAX, 1, liquidator, MAX, b"", sender=liquidator)


def test_succeeds_before_the_deadline(short, weth, liquidator, chain):
    deadline = chain.pending_timestamp + DAY

    receipt = short.liquidate(weth, MAX, 0, liquidator, deadline, b"", sender=liquidator)

    assert event(receipt, short.Liquidated).repaid > 0


def test_succeeds_in_the_last_second(short, weth, liquidator, chain):
    receipt = short.liquidate(
        weth, MAX, 0, liquidator, chain.pending_timestamp, b"", sender=liquidator
    )

    assert event(receipt, short.Liquidated).repaid > 0


def test_reverts_after_the_deadline(short, weth, liquidator, chain):
    passed = chain.blocks.head.timestamp

    with ape.reverts("vault: deadline passed"):
        short.liquidate(weth, MAX, 0, liquidator, passed, b"", sender=liquidator)


# -- Refusals --------------------------------------------------------------------------------------


def test_refuses_nobody_and_the_vault_as_receivers(short, weth, liquidator):
    with ape.reverts("vault: zero receiver"):
        short.liquidate(weth, MAX, 0, ZERO, MAX, b"", sender=liquidator)
    with ape.reverts("vault: receiver is the vault"):
        short.liquidate(weth, MAX, 0, short, MAX, b"", sender=liquidator)


def test_refuses_a_vault_without_debt(vault, weth, owner, liquidate):
    put(vault, weth, WETH, owner)

    with ape.reverts("vault: no debt"):
        liquidate(vault, weth)


def test_refuses_a_healthy_vault(indebted, weth, liquidate):
    with ape.reverts("engine: vault is healthy"):
        liquidate(indebted, weth)


def test_refuses_a_token_that_is_not_enabled(short, wbtc, outsider, liquidate):
    put(short, wbtc, WBTC, outsider)

    with ape.reverts("engine: token not enabled"):
        liquidate(short, wbtc)


def test_refuses_a_token_that_is_enabled_and_absent(short, wbtc, owner, liquidate):
    short.enable_collateral(wbtc, sender=owner)

    with ape.reverts("engine: token not seizable"):
        liquidate(short, wbtc)


def test_refuses_a_token_with_a_dead_price(
    two_tokens, weth, wbtc, set_price, kill_price, liquidate
):
    set_price("WETH", 85)
    kill_price("WBTC")

    with ape.reverts("engine: token not seizable"):
        liquidate(two_tokens, wbtc)


def test_a_dead_token_does_not_protect_the_rest(
    two_tokens, weth, wbtc, set_price, kill_price, liquidate, judge
):
    set_price("WETH", 105)
    kill_price("WBTC")
    verdict_in = judge(two_tokens, weth)

    receipt = liquidate(two_tokens, weth)

    log, verdict = event(receipt, two_tokens.Liquidated), verdict_in(receipt)
    assert (log.repaid, log.seized) == (verdict.repaid, verdict.seized)
    assert wbtc.balanceOf(two_tokens) == 2 * 10**7


def test_a_zero_repayment_is_nothing(short, weth, liquidate):
    with ape.reverts("engine: nothing to seize"):
        liquidate(short, weth, 0)


def test_refuses_a_token_that_reverts(short, weth, outsider, liquidate):
    weth.set_quirks(4, sender=outsider)

    with ape.reverts("token: transfers stopped"):
        liquidate(short, weth)


def test_refuses_a_token_that_returns_false(short, weth, outsider, liquidate):
    weth.set_quirks(2, sender=outsider)

    with ape.reverts("vault: transfer failed"):
        liquidate(short, weth)


def test_takes_a_token_that_returns_nothing(short, weth, liquidator, outsider, liquidate):
    weth.set_quirks(1, sender=outsider)

    log = event(liquidate(short, weth), short.Liquidated)

    assert weth.balanceOf(liquidator) == log.seized > 0


def test_reverts_when_the_payment_is_refused(short, weth, usdc, pool, liquidator, outsider):
    usdc.set_blocked(liquidator, True, sender=outsider)

    with ape.reverts("token: blocked"):
        short.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    assert weth.balanceOf(short) == 100 * WETH


def test_takes_a_payment_that_returns_nothing(short, weth, usdc, outsider, liquidate):
    usdc.set_quirks(RETURNS_NOTHING, sender=outsider)

    assert event(liquidate(short, weth), short.Liquidated).repaid > 0


def test_reverts_when_the_payment_returns_false(short, weth, usdc, liquidator, outsider):
    usdc.set_quirks(2, sender=outsider)

    with ape.reverts("vault: transfer failed"):
        short.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)


def test_reverts_when_less_arrives_in_the_pool(short, weth, usdc, liquidator, outsider):
    usdc.set_fee(WAD // 100, sender=outsider)

    with ape.reverts("pool: payment missing"):
        short.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)


# -- Losses ----------------------------------------------------------------------------------------


def test_writes_off_what_the_collateral_does_not_pay(
    short, weth, pool, set_price, liquidate, judge
):
    set_price("WETH", 50)
    verdict_in = judge(short, weth)

    receipt = liquidate(short, weth)

    verdict = verdict_in(receipt)
    assert event(receipt, short.LossRealised).bad_debt == verdict.bad_debt > 0
    assert event(receipt, pool.DebtWrittenOff).assets == verdict.bad_debt
    assert (short.debt(), short.scaled_debt(), short.collateral_mask()) == (0, 0, 0)


def test_a_worthless_rest_is_left_to_the_owner(short, weth, dai, owner, set_price, liquidate):
    # 10 DAI are worth dust, and stay.
    put(short, dai, 10 * DAI, owner)
    set_price("WETH", 50)

    receipt = liquidate(short, weth)

    assert event(receipt, short.LossRealised).bad_debt > 0
    assert dai.balanceOf(short) == 10 * DAI
    assert short.collaterals() == [dai.address]


def test_writes_nothing_off_while_other_collateral_is_worth_more_than_dust(
    short, weth, dai, owner, set_price, liquidate
):
    put(short, dai, 11 * DAI, owner)
    set_price("WETH", 50)

    receipt = liquidate(short, weth)

    assert not events(receipt, short.LossRealised)
    assert short.debt() > 0


def test_writes_nothing_off_while_a_dead_token_counts(
    short, weth, wbtc, owner, set_price, kill_price, liquidate
):
    # A dead WBTC counts at its lower bound of 100.
    put(short, wbtc, WBTC, owner)
    set_price("WETH", 50)
    kill_price("WBTC")

    receipt = liquidate(short, weth)

    assert not events(receipt, short.LossRealised)
    assert short.collaterals() == [wbtc.address]


# -- Callback --------------------------------------------------------------------------------------


@pytest.fixture
def buyer(outsider, usdc, actor):
    """Somebody who pays the actor for collateral."""
    give(usdc, outsider, 100_000 * USDC, actor)
    return outsider


def test_a_liquidator_needs_no_capital(
    short, weth, usdc, actor, as_actor, react, reactions, buyer, judge
):
    as_actor((usdc.approve, short, MAX))
    react((weth.transfer, buyer, 10 * WETH), (usdc.transferFrom, buyer, actor, 90_000 * USDC))
    verdict_in = judge(short, weth)

    receipt = as_actor((short.liquidate, weth, MAX, 0, actor, MAX, b"go"))

    verdict = verdict_in(receipt)
    assert [success for success, _ in reactions(receipt)] == [True, True, True]
    assert weth.balanceOf(actor) == verdict.seized - 10 * WETH
    assert usdc.balanceOf(actor) == 90_000 * USDC - verdict.repaid - verdict.insurance


def test_tells_the_callback_what_it_seized_and_what_it_wants(
    short, weth, usdc, actor, as_actor, buyer, judge
):
    usdc.mint(actor, 100_000 * USDC, sender=buyer)
    as_actor((usdc.approve, short, MAX))
    verdict_in = judge(short, weth)

    receipt = as_actor((short.liquidate, weth, MAX, 0, actor, MAX, b"1"))

    log, verdict = event(receipt, actor.Called), verdict_in(receipt)
    assert (log.vault, log.token, log.data) == (short.address, weth.address, b"1")
    assert (log.seized, log.payment) == (verdict.seized, verdict.repaid + verdict.insurance)


def test_reverts_when_the_callback_brings_no_money(short, weth, usdc, actor, as_actor, react):
    as_actor((usdc.approve, short, MAX))

    with ape.reverts("token: balance too low"):
        as_actor((short.liquidate, weth, MAX, 0, actor, MAX, b"go"))

    assert weth.balanceOf(short) == 100 * WETH


def test_no_callback_without_data(short, weth, usdc, actor, as_actor, react, reactions, buyer):
    usdc.mint(actor, 100_000 * USDC, sender=buyer)
    as_actor((usdc.approve, short, MAX))
    react((weth.transfer, buyer, 10 * WETH))

    receipt = as_actor((short.liquidate, weth, MAX, 0, actor, MAX, b""))

    assert len(reactions(receipt)) == 1  # the liquidation itself
    assert weth.balanceOf(buyer) == 0


def test_refuses_a_callback_to_who_has_no_code(short, weth, liquidator):
    with ape.reverts():
        short.liquidate(weth, MAX, 0, liquidator, MAX, b"go", sender=liquidator)

    assert weth.balanceOf(short) == 100 * WETH


def test_shows_its_whole_debt_in_the_callback(
    short, weth, usdc, actor, as_actor, react, reactions, buyer, index_in
):
    usdc.mint(actor, 100_000 * USDC, sender=buyer)
    as_actor((usdc.approve, short, MAX))
    react((short.scaled_debt,), (short.collaterals,), (short.owner,), (short.debt,))
    scaled, owner = short.scaled_debt(), short.owner()

    receipt = as_actor((short.liquidate, weth, MAX, 0, actor, MAX, b"go"))

    (_, told), (_, tokens), (_, whose), (success, _), _ = reactions(receipt)
    assert int.from_bytes(told, "big") == scaled > short.scaled_debt()
    assert tokens[-20:].hex() == weth.address[2:].lower()
    assert (whose[-20:].hex(), success) == (owner[2:].lower(), True)


def test_the_pool_works_in_the_callback(
    short, weth, usdc, pool, actor, as_actor, react, reactions, buyer
):
    usdc.mint(actor, 100_000 * USDC, sender=buyer)
    as_actor((usdc.approve, short, MAX), (usdc.approve, pool, MAX))
    react(
        (pool.deposit, 1_000 * USDC, actor),
        (pool.totalAssets,),
        (pool.withdraw, 999 * USDC, actor, actor),
        (pool.totalAssets,),
    )

    receipt = as_actor((short.liquidate, weth, MAX, 0, actor, MAX, b"go"))

    logs = reactions(receipt)
    assert all(success for success, _ in logs)
    before, after = (int.from_bytes(logs[place][1], "big") for place in (1, 3))
    assert before - after == 999 * USDC
