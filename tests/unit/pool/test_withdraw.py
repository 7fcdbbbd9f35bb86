"""`withdraw`: lenders name the assets and give up shares, rounded up."""

import ape
import pytest

from tests.steps import DAY, MAX, RAY, USDC, YEAR, ZERO, event, events
from tests.unit.pool.bare import shares_moved

SHARES = 10**6  # per unit of the asset while nothing was earned


def test_burns_shares_and_sends_assets(pool, lent, asset, lender, outsider):
    pool.withdraw(400_000 * USDC, outsider, lender, sender=lender)

    assert asset.balanceOf(outsider) == 400_000 * USDC
    assert pool.cash() == pool.totalAssets() == 600_000 * USDC
    assert pool.balanceOf(lender) == pool.totalSupply() == 600_000 * USDC * SHARES


def test_logs_withdraw_and_transfer(pool, lent, lender, outsider):
    receipt = pool.withdraw(USDC, outsider, lender, sender=lender)

    log = event(receipt, pool.Withdraw)
    assert (log.sender, log.receiver, log.owner) == (lender, outsider, lender)
    assert (log.assets, log.shares) == (USDC, USDC * SHARES)
    assert shares_moved(receipt, pool) == [(lender, ZERO, USDC * SHARES)]


def test_does_what_its_preview_says(twin, actor):
    twin.set_rate(3 * RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    preview, shares = twin.run(
        ("previewWithdraw", 1_234_567), ("withdraw", 1_234_567, actor, actor)
    )

    assert preview == shares < 1_234_567 * SHARES


def test_rounds_shares_up(twin, actor):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    total, supply, shares = twin.run(
        ("totalAssets",), ("totalSupply",), ("withdraw", 1_234_567, actor, actor)
    )

    assert (shares - 1) * (total + 1) < 1_234_567 * (supply + SHARES) <= shares * (total + 1)


def test_leaves_the_price_to_those_who_stay(twin, actor):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    before, _, after = twin.run(
        ("convertToAssets", 10**24),
        ("withdraw", 1_234_567, actor, actor),
        ("convertToAssets", 10**24),
    )

    assert after >= before


def test_spends_an_allowance(pool, lent, asset, lender, outsider):
    pool.approve(outsider, 3 * USDC * SHARES, sender=lender)

    pool.withdraw(2 * USDC, outsider, lender, sender=outsider)

    assert pool.allowance(lender, outsider) == USDC * SHARES
    assert asset.balanceOf(outsider) == 2 * USDC


def test_keeps_the_largest_allowance(pool, lent, lender, outsider):
    pool.approve(outsider, MAX, sender=lender)

    pool.withdraw(2 * USDC, outsider, lender, sender=outsider)

    assert pool.allowance(lender, outsider) == MAX


def test_reverts_without_an_allowance(pool, lent, lender, outsider):
    pool.approve(outsider, USDC * SHARES - 1, sender=lender)

    with ape.reverts("share: allowance too low"):
        pool.withdraw(USDC, outsider, lender, sender=outsider)


def test_reverts_when_cash_is_short(pool, lent, vault, lender):
    pool.borrow(400_000 * USDC, vault, 0, sender=vault)

    with ape.reverts("pool: insufficient cash"):
        pool.withdraw(600_000 * USDC + 1, lender, lender, sender=lender)
    pool.withdraw(600_000 * USDC, lender, lender, sender=lender)


def test_does_not_pay_out_donations(pool, lent, asset, lender, outsider):
    asset.mint(pool, USDC, sender=outsider)

    with ape.reverts("pool: insufficient cash"):
        pool.withdraw(1_000_000 * USDC + 1, lender, lender, sender=lender)


def test_reverts_above_the_balance(pool, lent, lender, outsider):
    pool.transfer(outsider, USDC * SHARES, sender=lender)

    with ape.reverts("share: balance too low"):
        pool.withdraw(USDC + 1, outsider, outsider, sender=outsider)


def test_reverts_for_nothing(pool, lent, lender):
    with ape.reverts("pool: nothing to withdraw"):
        pool.withdraw(0, lender, lender, sender=lender)


def test_reverts_when_the_asset_refuses(pool, lent, asset, lender):
    asset.set_quirks(2, sender=lender)

    with ape.reverts("pool: transfer failed"):
        pool.withdraw(USDC, lender, lender, sender=lender)


def test_accepts_an_asset_that_returns_nothing(pool, lent, asset, lender):
    asset.set_quirks(1, sender=lender)

    pool.withdraw(USDC, lender, lender, sender=lender)

    assert asset.balanceOf(lender) == USDC


@pytest.mark.parametrize("level", [1, 2])
def test_works_while_paused(pool, lent, asset, lender, guardian, level):
    pool.pause(level, DAY, sender=guardian)

    pool.withdraw(USDC, lender, lender, sender=lender)

    assert asset.balanceOf(lender) == USDC


def test_works_while_borrowing_is_stopped(pool, lent, asset, vault, lender, lose):
    lose(vault, 500_000 * USDC)

    pool.withdraw(USDC, lender, lender, sender=lender)

    assert asset.balanceOf(lender) == USDC


def test_a_reserve_first_gets_what_it_is_owed(twin, treasury, asset):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    receipt = twin.pool.withdraw(USDC, treasury, treasury, sender=treasury)

    assert len(events(receipt, twin.pool.ReservesCollected)) == 1
    assert asset.balanceOf(treasury) == USDC


def test_of_others_collects_nothing(twin, outsider):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("transfer", outsider, 2 * USDC * SHARES))

    receipt = twin.pool.withdraw(USDC, outsider, outsider, sender=outsider)

    assert not events(receipt, twin.pool.ReservesCollected)
