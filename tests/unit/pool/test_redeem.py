"""`redeem`: lenders give up shares for what they are worth, rounded down."""

import ape
import pytest

from tests.steps import DAY, MAX, RAY, USDC, YEAR, ZERO, event, events, give
from tests.unit.pool.bare import shares_moved

SHARES = 10**6  # per unit of the asset while nothing was earned


def test_burns_shares_and_sends_assets(pool, lent, asset, lender, outsider):
    pool.redeem(400_000 * USDC * SHARES, outsider, lender, sender=lender)

    assert asset.balanceOf(outsider) == 400_000 * USDC
    assert pool.cash() == pool.totalAssets() == 600_000 * USDC
    assert pool.balanceOf(lender) == pool.totalSupply() == 600_000 * USDC * SHARES


def test_logs_withdraw_and_transfer(pool, lent, lender, outsider):
    receipt = pool.redeem(USDC * SHARES, outsider, lender, sender=lender)

    log = event(receipt, pool.Withdraw)
    assert (log.sender, log.receiver, log.owner) == (lender, outsider, lender)
    assert (log.assets, log.shares) == (USDC, USDC * SHARES)
    assert shares_moved(receipt, pool) == [(lender, ZERO, USDC * SHARES)]


@pytest.mark.parametrize(("shares", "assets"), [(10**6, 1), (2 * 10**6 - 1, 1), (2 * 10**6, 2)])
def test_rounds_assets_down(pool, lent, asset, lender, outsider, shares, assets):
    pool.redeem(shares, outsider, lender, sender=lender)

    assert asset.balanceOf(outsider) == assets


def test_does_what_its_preview_says(twin, actor):
    twin.set_rate(3 * RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    preview, assets = twin.run(("previewRedeem", 10**15 + 7), ("redeem", 10**15 + 7, actor, actor))

    assert preview == assets > 10**9


def test_leaves_the_price_to_those_who_stay(twin, actor):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    before, _, after = twin.run(
        ("convertToAssets", 10**24),
        ("redeem", 10**15 + 7, actor, actor),
        ("convertToAssets", 10**24),
    )

    assert after >= before


def test_the_last_lender_leaves_nothing(pool, lent, asset, lender):
    pool.redeem(pool.balanceOf(lender), lender, lender, sender=lender)

    assert asset.balanceOf(lender) == 1_000_000 * USDC
    assert pool.totalAssets() == pool.totalSupply() == 0


def test_spends_an_allowance(pool, lent, asset, lender, outsider):
    pool.approve(outsider, 3 * USDC * SHARES, sender=lender)

    pool.redeem(2 * USDC * SHARES, outsider, lender, sender=outsider)

    assert pool.allowance(lender, outsider) == USDC * SHARES
    assert asset.balanceOf(outsider) == 2 * USDC


def test_reverts_without_an_allowance(pool, lent, lender, outsider):
    with ape.reverts("share: allowance too low"):
        pool.redeem(USDC * SHARES, outsider, lender, sender=outsider)


def test_reverts_when_cash_is_short(pool, lent, vault, lender):
    pool.borrow(400_000 * USDC, vault, 0, sender=vault)

    with ape.reverts("pool: insufficient cash"):
        pool.redeem((600_000 * USDC + 1) * SHARES, lender, lender, sender=lender)
    pool.redeem(600_000 * USDC * SHARES, lender, lender, sender=lender)


@pytest.mark.parametrize("shares", [USDC * SHARES + 1, 2**128, MAX])
def test_reverts_above_the_balance(pool, lent, lender, outsider, shares):
    pool.transfer(outsider, USDC * SHARES, sender=lender)

    with ape.reverts("share: balance too low"):
        pool.redeem(shares, outsider, outsider, sender=outsider)


def test_a_single_share_that_was_bought_can_be_sold(dear_pool, asset, outsider):
    cost = dear_pool.previewMint(1)
    give(asset, outsider, cost, dear_pool)
    dear_pool.deposit(cost, outsider, sender=outsider)

    dear_pool.redeem(1, outsider, outsider, sender=outsider)

    assert dear_pool.balanceOf(outsider) == 0
    assert 1 < asset.balanceOf(outsider) <= cost


@pytest.mark.parametrize("shares", [0, 1, 10**6 - 1])
def test_reverts_when_the_shares_are_worth_nothing(pool, lent, lender, shares):
    with ape.reverts("pool: nothing to withdraw"):
        pool.redeem(shares, lender, lender, sender=lender)


def test_reverts_when_the_asset_refuses(pool, lent, asset, lender):
    asset.set_quirks(2, sender=lender)

    with ape.reverts("pool: transfer failed"):
        pool.redeem(USDC * SHARES, lender, lender, sender=lender)


@pytest.mark.parametrize("level", [1, 2])
def test_works_while_paused(pool, lent, asset, lender, guardian, level):
    pool.pause(level, DAY, sender=guardian)

    pool.redeem(USDC * SHARES, lender, lender, sender=lender)

    assert asset.balanceOf(lender) == USDC


def test_a_reserve_can_redeem_what_it_is_owed(twin, treasury, asset):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("accrue",))
    twin.set_rate(0)
    owed = twin.pool.balanceOf(treasury)

    receipt = twin.pool.redeem(owed, treasury, treasury, sender=treasury)

    assert len(events(receipt, twin.pool.ReservesCollected)) == 1
    assert twin.pool.balanceOf(treasury) == 0
    assert asset.balanceOf(treasury) == event(receipt, twin.pool.Withdraw).assets > 0
