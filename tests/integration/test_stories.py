"""What people come for, and what they fear."""

import ape
import pytest

from tests.steps import DAY, MAX, RAY, USDC, WAD, WBTC, WETH, YEAR, events, give, put

pytestmark = pytest.mark.short

# -- Lever up --------------------------------------------------------------------------------------


def test_leverage_stops_at_the_initial_ltv(lent, market, vault, owner, weth, usdc, engine):
    """Borrow, buy more of the collateral, deposit it, borrow again: at most 1 / (1 - 80 %)."""
    put(vault, weth, 100 * WETH, owner)
    for _ in range(12):
        funds = engine.margin_of(vault).available_funds * USDC // WAD - USDC  # and interest
        if funds < 1_000 * USDC:
            break
        vault.borrow(funds, owner, sender=owner)
        put(vault, weth, funds * WETH * 100 // (19_384 * USDC), owner)

    margin = engine.margin_of(vault)
    assert margin.health >= WAD
    assert 4 * WAD < margin.collateral_value * WAD // margin.equity < 5 * WAD


def test_borrowed_credit_kept_in_the_vault_counts_once_enabled(
    lent, vault, owner, weth, usdc, engine
):
    put(vault, weth, 100 * WETH, owner)
    vault.enable_collateral(usdc, sender=owner)

    vault.borrow(50_000 * USDC, vault, sender=owner)

    assert usdc.balanceOf(vault) == 50_000 * USDC
    assert engine.margin_of(vault).available_funds >= 0


# -- Crash -----------------------------------------------------------------------------------------


def test_a_vault_is_liquidated_in_steps_as_the_price_falls(
    indebted, engine, liquidator, usdc, weth, set_price
):
    give(usdc, liquidator, 100_000 * USDC, indebted)
    seized = []
    for dollars in (116, 110, 104, 98):
        set_price("WETH", dollars)
        if engine.margin_of(indebted).health >= WAD:
            continue
        before = engine.margin_of(indebted).health
        receipt = indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)
        (log,) = events(receipt, indebted.Liquidated)
        seized.append(log.seized)
        assert before < WAD <= engine.margin_of(indebted).health

    assert len(seized) >= 3
    assert sum(seized) < 100 * WETH
    assert weth.balanceOf(indebted) == 100 * WETH - sum(seized)


def test_a_cascade_ends_with_each_loss_where_it_arose(
    lent, market, pool, accounts, outsider, liquidator, usdc, weth, set_price, engine
):
    owners = accounts[12:16]
    vaults = [market.open_vault(who, "cascade", sender=outsider) for who in owners]
    debts = (3_000, 6_000, 9_000, 14_800)  # against 19,384, and 10,000 after the fall
    for who, vault, debt in zip(owners, vaults, debts, strict=True):
        put(vault, weth, 100 * WETH, who)
        vault.borrow(debt * USDC, who, sender=who)
        give(usdc, liquidator, 50_000 * USDC, vault)
    set_price("WETH", 100)

    for vault in vaults:
        if engine.margin_of(vault).health < WAD:
            vault.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    first, second, third, fourth = vaults
    assert weth.balanceOf(first) == weth.balanceOf(second) == 100 * WETH
    assert 0 < weth.balanceOf(third) < 100 * WETH
    assert weth.balanceOf(fourth) == fourth.debt() == 0
    assert pool.lender_losses() > 0


# -- Waterfall -------------------------------------------------------------------------------------


def test_the_fund_pays_before_the_lenders(
    indebted, market, pool, fund, lender, liquidator, usdc, weth, set_price, engine
):
    """Shares first, at the price before the loss, then cash; the lenders' price does not move."""
    give(usdc, lender, 3_000 * USDC, pool)
    pool.deposit(3_000 * USDC, fund, sender=lender)
    usdc.mint(fund, 50_000 * USDC, sender=lender)
    set_price("WETH", 50)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    _, _, _, covered, lost = engine.quote_liquidation(indebted, weth, MAX)
    worth = pool.convertToAssets(10**18)

    receipt = indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    (log,) = events(receipt, pool.DebtWrittenOff)
    assert abs(log.covered_by_shares - 3_000 * USDC) < 10  # some seconds of interest
    assert log.covered_by_cash > 0
    assert log.covered_by_shares + log.covered_by_cash == covered == log.assets
    assert lost == log.lost == 0
    assert pool.convertToAssets(pool.balanceOf(fund)) == 0
    assert pool.convertToAssets(10**18) >= worth


def test_lenders_bear_what_is_left_and_borrowing_stops(
    indebted, pool, lender, owner, liquidator, usdc, weth, set_price, risk_admin, other_vault,
    neighbour,
):  # fmt: skip
    pool.withdraw(950_000 * USDC, lender, lender, sender=lender)  # the loss shall exceed 5 %
    put(other_vault, weth, 1_000 * WETH, neighbour)
    set_price("WETH", 50)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    assets = pool.totalAssets()

    receipt = indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    (log,) = events(receipt, pool.DebtWrittenOff)
    assert log.covered_by_shares < 10  # some seconds of interest
    assert log.lost == log.assets - log.covered_by_shares > assets // 20
    assert abs(pool.totalAssets() - (assets - log.assets)) < 100
    with ape.reverts("pool: borrowing stopped"):
        other_vault.borrow(1_000 * USDC, neighbour, sender=neighbour)
    pool.resume_borrowing(sender=risk_admin)
    other_vault.borrow(1_000 * USDC, neighbour, sender=neighbour)


# -- The oracle dies -------------------------------------------------------------------------------


def test_a_dead_oracle_leaves_every_way_out_of_risk_open(
    indebted, chain, owner, lender, usdc, weth, other_vault, neighbour
):
    put(other_vault, weth, WETH, neighbour)
    give(usdc, owner, 100_000 * USDC, indebted)
    chain.mine(deltatime=30 * DAY)

    with ape.reverts("engine: dead price"):
        indebted.borrow(USDC, owner, sender=owner)
    with ape.reverts("engine: dead price"):
        indebted.withdraw(weth, WETH, owner, sender=owner)
    put(indebted, weth, WETH, owner)
    indebted.repay(MAX, sender=owner)
    indebted.withdraw(weth, MAX, owner, sender=owner)
    other_vault.withdraw(weth, MAX, neighbour, sender=neighbour)

    assert weth.balanceOf(indebted) == indebted.debt() == 0


def test_a_first_deposit_with_a_dead_price_arrives_without_counting(
    lent, vault, chain, owner, weth
):
    chain.mine(deltatime=30 * DAY)

    receipt = put(vault, weth, WETH, owner)

    (log,) = events(receipt, vault.Deposited)
    assert not log.is_enabled
    assert vault.collaterals() == []


def test_a_live_token_is_seized_while_another_one_is_dead(
    indebted, market, chain, owner, wbtc, weth, usdc, liquidator, feed_keeper, engine
):
    """The dead token counts at its last answer; if that is not enough, the live one pays."""
    put(indebted, wbtc, WBTC, owner)
    indebted.borrow(8_000 * USDC, owner, sender=owner)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    market.feeds["WBTC"].set_answer(2_000 * 10**8, sender=feed_keeper)
    chain.mine(deltatime=2 * DAY)
    market.feeds["WETH"].set_answer(190 * 10**8, sender=feed_keeper)

    with ape.reverts("engine: token not seizable"):
        indebted.liquidate(wbtc, MAX, 0, liquidator, MAX, b"", sender=liquidator)
    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    assert engine.margin_of(indebted).dead_token == wbtc
    assert engine.margin_of(indebted).health >= WAD


# -- Orderly exits ---------------------------------------------------------------------------------


def test_everybody_leaves_and_nothing_is_left(
    indebted, market, pool, fund, owner, lender, treasury, house, usdc, weth, wait, with_notice
):
    """Owner repays, lender and treasury redeem, the fund is wound up: what remains is dust."""
    wait(YEAR)
    give(usdc, owner, 100_000 * USDC, indebted)
    indebted.repay(MAX, sender=owner)
    indebted.withdraw(weth, MAX, owner, sender=owner)
    pool.redeem(pool.maxRedeem(lender), lender, lender, sender=lender)
    pool.redeem(pool.maxRedeem(treasury), treasury, treasury, sender=treasury)
    with_notice(fund, "withdraw", pool, pool.balanceOf(fund), house, sender=house)
    pool.redeem(pool.maxRedeem(house), house, house, sender=house)

    assert pool.total_debt() == pool.totalSupply() == 0
    assert usdc.balanceOf(pool) == pool.cash() <= 4
    assert weth.balanceOf(owner) == 100 * WETH


def test_lenders_take_turns_when_cash_is_short(indebted, pool, lender, owner, usdc, weth):
    """What is lent cannot be withdrawn; what is repaid can."""
    put(indebted, weth, 100_000 * WETH, owner)
    indebted.borrow(985_000 * USDC, owner, sender=owner)
    cash = pool.cash()

    assert pool.maxWithdraw(lender) == cash < pool.convertToAssets(pool.balanceOf(lender))
    with ape.reverts("pool: insufficient cash"):
        pool.withdraw(cash + 1, lender, lender, sender=lender)
    pool.withdraw(cash, lender, lender, sender=lender)
    give(usdc, owner, 1_000 * USDC, indebted)
    indebted.repay(1_000 * USDC, sender=owner)

    assert pool.maxWithdraw(lender) == 1_000 * USDC


def test_a_hold_blocks_leaving_and_nothing_else(indebted, chain, officer, owner, usdc, weth, wait):
    indebted.place_hold(bytes(32), chain.pending_timestamp + 30 * DAY, sender=officer)
    give(usdc, owner, 100_000 * USDC, indebted)
    put(indebted, weth, WETH, owner)
    indebted.repay(MAX, sender=owner)

    with ape.reverts("vault: on hold"):
        indebted.withdraw(weth, MAX, owner, sender=owner)
    wait(30 * DAY + 1)
    indebted.withdraw(weth, MAX, owner, sender=owner)

    assert weth.balanceOf(owner) == 101 * WETH


@pytest.mark.parametrize("seconds", [1, 3_600, DAY, YEAR])
def test_interest_goes_to_lenders_fund_and_treasury(
    seconds, indebted, pool, fund, treasury, lender, wait
):
    """85 % to the lenders, 10 % to the fund, 5 % to the treasury, to a unit of rounding each."""
    assets, debt = pool.totalAssets(), pool.total_debt()

    wait(seconds)

    interest = pool.total_debt() - debt
    assert pool.totalAssets() - assets == interest
    for holder, share in ((lender, 85), (fund, 10), (treasury, 5)):
        worth = pool.convertToAssets(pool.balanceOf(holder))
        base = 1_000_000 * USDC if holder == lender else 0
        assert abs(worth - base - interest * share // 100) <= 3
    assert pool.debt_index() > RAY
