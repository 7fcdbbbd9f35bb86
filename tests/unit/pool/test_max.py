"""`maxDeposit`, `maxMint`, `maxWithdraw`, `maxRedeem`: the most that passes, and no more."""

import ape
import pytest

from tests.steps import DAY, RAY, USDC, YEAR, give
from tests.unit.pool.bare import deploy_pool

SHARES = 10**6  # per unit of the asset while nothing was earned


@pytest.fixture
def earned(twin):
    """A year at 100 %, so that a share is worth an odd fraction; then time stands still."""
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("accrue",))
    twin.set_rate(0)
    return twin


# -- In --------------------------------------------------------------------------------------------


def test_an_empty_pool_takes_up_to_its_cap(pool, lender):
    assert pool.maxDeposit(lender) == 50_000_000 * USDC
    assert pool.maxMint(lender) == 50_000_000 * USDC * SHARES


def test_the_most_can_be_deposited_and_no_more(earned, asset, lender):
    pool = earned.pool
    most = pool.maxDeposit(lender)
    give(asset, lender, most + 1, pool)

    with ape.reverts("pool: supply cap reached"):
        pool.deposit(most + 1, lender, sender=lender)
    pool.deposit(most, lender, sender=lender)

    assert pool.totalAssets() == pool.supply_cap()
    assert pool.maxDeposit(lender) == pool.maxMint(lender) == 0


def test_the_most_can_be_minted_and_no_more(earned, asset, lender):
    pool = earned.pool
    most = pool.maxMint(lender)
    give(asset, lender, 50_000_000 * USDC, pool)

    with ape.reverts("pool: supply cap reached"):
        pool.mint(most + 1, lender, sender=lender)
    pool.mint(most, lender, sender=lender)

    assert pool.totalAssets() <= pool.supply_cap()


@pytest.mark.parametrize("level", [1, 2])
def test_nothing_can_come_in_while_paused(pool, lent, lender, guardian, level):
    pool.pause(level, DAY, sender=guardian)

    assert pool.maxDeposit(lender) == pool.maxMint(lender) == 0


def test_nothing_can_come_in_above_the_cap(pool, lent, lender, risk_admin):
    pool.set_caps(999_999 * USDC, 0, sender=risk_admin)

    assert pool.maxDeposit(lender) == pool.maxMint(lender) == 0


def test_the_largest_supply_is_a_limit_too(
    project, deployer, asset, rates, registry, treasury, lender
):
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury, supply_cap=2**120 - 1)
    most = pool.maxMint(lender)
    give(asset, lender, 2**120, pool)

    with ape.reverts("pool: supply cap reached"):
        pool.mint(most + 1, lender, sender=lender)
    pool.mint(most - 1, lender, sender=lender)

    # half of all shares; the other half is kept for what the reserves are owed
    assert most == (2**128 - 1) // 2 // SHARES * SHARES
    assert pool.maxMint(lender) == pool.maxDeposit(lender) == 0


def test_room_that_buys_no_share_is_no_room(dear_pool, lender, risk_admin):
    dear_pool.set_caps(dear_pool.totalAssets() + 3, 0, sender=risk_admin)

    assert dear_pool.previewDeposit(3) == 0
    assert dear_pool.maxDeposit(lender) == dear_pool.maxMint(lender) == 0
    with ape.reverts("pool: nothing to deposit"):
        dear_pool.deposit(3, lender, sender=lender)


def test_room_that_buys_one_share_is_room(dear_pool, lender, risk_admin):
    cost = dear_pool.previewMint(1)

    dear_pool.set_caps(dear_pool.totalAssets() + cost, 0, sender=risk_admin)

    assert dear_pool.previewDeposit(cost) == dear_pool.maxMint(lender) == 1
    assert dear_pool.maxDeposit(lender) == cost


# -- Out -------------------------------------------------------------------------------------------


def test_who_holds_nothing_takes_nothing(pool, lent, outsider):
    assert pool.maxWithdraw(outsider) == pool.maxRedeem(outsider) == 0


def test_all_of_a_balance_can_go(pool, lent, lender):
    assert pool.maxWithdraw(lender) == 1_000_000 * USDC
    assert pool.maxRedeem(lender) == 1_000_000 * USDC * SHARES


@pytest.mark.parametrize("shares", [10**6 + 1, 10**12 + 7, 10**17 + 3])
def test_the_most_of_a_balance_can_be_withdrawn_and_no_more(earned, outsider, shares):
    pool = earned.pool
    earned.run(("transfer", outsider, shares))
    most = pool.maxWithdraw(outsider)

    with ape.reverts("share: balance too low"):
        pool.withdraw(most + 1, outsider, outsider, sender=outsider)
    pool.withdraw(most, outsider, outsider, sender=outsider)

    assert pool.maxWithdraw(outsider) == 0


@pytest.mark.parametrize("shares", [10**6 + 1, 10**12 + 7, 10**17 + 3])
def test_all_of_a_balance_can_be_redeemed_and_no_more(earned, outsider, shares):
    pool = earned.pool
    earned.run(("transfer", outsider, shares))
    most = pool.maxRedeem(outsider)

    with ape.reverts("share: balance too low"):
        pool.redeem(most + 1, outsider, outsider, sender=outsider)
    pool.redeem(most, outsider, outsider, sender=outsider)

    assert most == shares


@pytest.mark.parametrize("cash", [1, 2, 1_000_003, 999_999 * USDC])
def test_the_most_of_the_cash_can_be_withdrawn_and_no_more(earned, cash):
    earned.run(("withdraw", 1_000_000 * USDC - cash, earned.actor, earned.actor))

    most = earned.ask("maxWithdraw", earned.actor)

    assert most == cash
    with ape.reverts("pool: insufficient cash"):
        earned.run(("withdraw", most + 1, earned.actor, earned.actor))
    earned.run(("withdraw", most, earned.actor, earned.actor))


@pytest.mark.parametrize("cash", [2, 1_000_003, 999_999 * USDC])
def test_the_most_of_the_cash_can_be_redeemed(earned, cash):
    earned.run(("withdraw", 1_000_000 * USDC - cash, earned.actor, earned.actor))

    most = earned.ask("maxRedeem", earned.actor)
    earned.run(("redeem", most, earned.actor, earned.actor))

    # at most one unit stays behind
    assert earned.ask("cash") <= 1


@pytest.mark.parametrize("cash", [1, 1_000_003])
def test_the_most_of_the_cash_can_be_redeemed_and_no_more(earned, cash):
    earned.run(("withdraw", 1_000_000 * USDC - cash, earned.actor, earned.actor))

    most = earned.ask("maxRedeem", earned.actor)

    with ape.reverts("pool: insufficient cash"):
        earned.run(("redeem", most + 1, earned.actor, earned.actor))
    earned.run(("redeem", most, earned.actor, earned.actor))


def test_shares_worth_nothing_can_not_go(pool, lent, lender, outsider):
    pool.transfer(outsider, SHARES - 1, sender=lender)

    assert pool.maxRedeem(outsider) == pool.maxWithdraw(outsider) == 0


def test_no_cash_no_way_out(pool, lent, vault, lender):
    pool.borrow(1_000_000 * USDC, vault, 0, sender=vault)

    assert pool.maxWithdraw(lender) == pool.maxRedeem(lender) == 0


@pytest.mark.parametrize("level", [1, 2])
def test_a_pause_keeps_nobody_in(pool, lent, lender, guardian, level):
    pool.pause(level, DAY, sender=guardian)

    assert pool.maxWithdraw(lender) == 1_000_000 * USDC
    assert pool.maxRedeem(lender) == 1_000_000 * USDC * SHARES


def test_losses_lower_what_can_go(pool, lent, vault, lose, lender):
    lose(vault, 250_000 * USDC)

    most = pool.maxWithdraw(lender)
    pool.withdraw(most, lender, lender, sender=lender)

    # 750,000 less the dust of rounding to the virtual shares
    assert 750_000 * USDC - 1 <= most <= 750_000 * USDC


def test_a_reserve_counts_what_it_is_owed(earned, treasury):
    pool = earned.pool

    assert pool.maxRedeem(treasury) == pool.balanceOf(treasury) > 0
    assert pool.maxWithdraw(treasury) == pool.convertToAssets(pool.balanceOf(treasury)) > 0


def test_all_of_them_equal_the_model_while_interest_accrues(twin, outsider):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    deposit, mint, withdraw, redeem, _ = twin.run(
        ("maxDeposit", outsider),
        ("maxMint", outsider),
        ("maxWithdraw", twin.actor),
        ("maxRedeem", twin.actor),
        ("maxRedeem", twin.model.treasury),
    )

    assert deposit > 0
    assert mint > deposit
    assert withdraw == 1_000_000 * USDC
    assert redeem < 10**18
