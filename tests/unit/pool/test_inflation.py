"""Nobody gains by making shares dear before another lender comes."""

import pytest

from tests.steps import USDC, give


@pytest.fixture
def attacker(outsider):
    return outsider


@pytest.mark.parametrize("first", [1, 10, USDC])
@pytest.mark.parametrize("donation", [USDC, 1_000_000 * USDC])
def test_a_donation_is_lost(pool, asset, attacker, lender, first, donation):
    give(asset, attacker, first + donation, pool)
    give(asset, lender, 1_000 * USDC, pool)
    pool.deposit(first, attacker, sender=attacker)
    asset.transfer(pool, donation, sender=attacker)

    pool.deposit(1_000 * USDC, lender, sender=lender)
    pool.redeem(pool.balanceOf(attacker), attacker, attacker, sender=attacker)

    assert asset.balanceOf(attacker) == first
    assert pool.convertToAssets(pool.balanceOf(lender)) == 1_000 * USDC


@pytest.mark.parametrize("first", [1, 10, USDC])
@pytest.mark.parametrize("paid", [USDC, 1_000_000 * USDC])
def test_booked_money_is_lost_to_the_virtual_shares_and_the_fund(
    pool, asset, attacker, lender, vault, pay, first, paid
):
    # a vault can pay insurance without a debt: it goes to the fund at the price before
    give(asset, attacker, first, pool)
    give(asset, lender, 1_000 * USDC, pool)
    pool.deposit(first, attacker, sender=attacker)
    pay(vault, paid)
    pool.settle(0, paid, 0, 0, sender=vault)

    pool.deposit(1_000 * USDC, lender, sender=lender)
    pool.redeem(pool.balanceOf(attacker), attacker, attacker, sender=attacker)

    assert asset.balanceOf(attacker) <= first
    assert pool.convertToAssets(pool.balanceOf(lender)) >= 1_000 * USDC - 1


def test_a_dear_share_takes_less_than_one_share_of_rounding(twin, lender, asset):
    # after interest a share is worth an odd fraction: depositing and leaving costs at most a unit
    twin.set_rate(10**27)
    twin.run(("accrue",))
    twin.set_rate(0)
    give(asset, lender, 1_000_003, twin.pool)

    twin.pool.deposit(1_000_003, lender, sender=lender)
    twin.pool.redeem(twin.pool.balanceOf(lender), lender, lender, sender=lender)

    assert 1_000_002 <= asset.balanceOf(lender) <= 1_000_003
