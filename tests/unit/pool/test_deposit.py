"""`deposit`: lenders pay in and get shares, rounded down."""

import ape
import pytest

from tests.steps import DAY, MAX, RAY, USDC, WAD, YEAR, ZERO, event, give
from tests.unit.pool.bare import deploy_pool, shares_moved

SHARES = 10**6  # per unit of the asset while nothing was earned


def test_takes_assets_and_issues_shares(pool, asset, lender, outsider):
    give(asset, lender, 100 * USDC, pool)

    pool.deposit(100 * USDC, outsider, sender=lender)

    assert asset.balanceOf(lender) == 0
    assert asset.balanceOf(pool) == pool.cash() == pool.totalAssets() == 100 * USDC
    assert pool.balanceOf(outsider) == pool.totalSupply() == 100 * USDC * SHARES


def test_logs_deposit_and_transfer(pool, asset, lender, outsider):
    give(asset, lender, 100 * USDC, pool)

    receipt = pool.deposit(100 * USDC, outsider, sender=lender)

    log = event(receipt, pool.Deposit)
    assert (log.sender, log.owner) == (lender, outsider)
    assert (log.assets, log.shares) == (100 * USDC, 100 * USDC * SHARES)
    assert shares_moved(receipt, pool) == [(ZERO, outsider, 100 * USDC * SHARES)]


def test_a_single_unit_can_be_lent_and_taken_back(twin, actor):
    shares, burned = twin.run(("deposit", 1, actor), ("withdraw", 1, actor, actor))

    assert shares == burned == SHARES


def test_does_what_its_preview_says(twin, actor):
    twin.set_rate(3 * RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    preview, shares = twin.run(("previewDeposit", 1_234_567), ("deposit", 1_234_567, actor))

    assert preview == shares
    assert shares < 1_234_567 * SHARES


def test_rounds_shares_down(twin, actor):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    total, supply, shares = twin.run(
        ("totalAssets",), ("totalSupply",), ("deposit", 1_234_567, actor)
    )

    assert shares * (total + 1) <= 1_234_567 * (supply + SHARES) < (shares + 1) * (total + 1)


def test_dilutes_nobody(twin, actor):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    before, _, after = twin.run(
        ("convertToAssets", 10**24), ("deposit", 1_234_567, actor), ("convertToAssets", 10**24)
    )

    assert after >= before


def test_does_not_book_a_donation(pool, asset, lent, outsider):
    asset.mint(pool, 500_000 * USDC, sender=outsider)

    assert pool.totalAssets() == pool.cash() == 1_000_000 * USDC


@pytest.mark.parametrize("level", [1, 2])
def test_reverts_while_paused(pool, asset, lender, guardian, level):
    give(asset, lender, USDC, pool)
    pool.pause(level, DAY, sender=guardian)

    with ape.reverts("pool: paused"):
        pool.deposit(USDC, lender, sender=lender)


def test_reverts_above_the_supply_cap(pool, asset, lent, lender, risk_admin):
    give(asset, lender, 10 * USDC, pool)
    pool.set_caps(1_000_002 * USDC, 0, sender=risk_admin)

    with ape.reverts("pool: supply cap reached"):
        pool.deposit(2 * USDC + 1, lender, sender=lender)
    pool.deposit(2 * USDC, lender, sender=lender)


def test_reverts_for_nothing(pool, lender):
    with ape.reverts("pool: nothing to deposit"):
        pool.deposit(0, lender, sender=lender)


def test_reverts_for_no_receiver(pool, asset, lender):
    give(asset, lender, USDC, pool)

    with ape.reverts("share: zero receiver"):
        pool.deposit(USDC, ZERO, sender=lender)


def test_reverts_without_approval(pool, asset, lender):
    asset.mint(lender, USDC, sender=lender)

    with ape.reverts("token: allowance too low"):
        pool.deposit(USDC, lender, sender=lender)


def test_reverts_when_the_asset_returns_false(pool, asset, lender):
    give(asset, lender, USDC, pool)
    asset.set_quirks(2, sender=lender)

    with ape.reverts("pool: transfer failed"):
        pool.deposit(USDC, lender, sender=lender)


def test_reverts_when_the_asset_takes_a_fee(pool, asset, lender):
    give(asset, lender, USDC, pool)
    asset.set_fee(WAD // 100, sender=lender)

    with ape.reverts("pool: payment missing"):
        pool.deposit(USDC, lender, sender=lender)


def test_accepts_an_asset_that_returns_nothing(pool, asset, lender):
    give(asset, lender, USDC, pool)
    asset.set_quirks(1, sender=lender)

    pool.deposit(USDC, lender, sender=lender)

    assert pool.cash() == USDC


def test_reverts_on_an_amount_beyond_arithmetic(pool, lender):
    with ape.reverts("pool: supply cap reached"):
        pool.deposit(MAX, lender, sender=lender)


def test_a_pool_without_a_cap_is_full_at_half_the_largest_supply(
    project, deployer, asset, rates, registry, treasury, lender
):
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury, supply_cap=2**120 - 1)
    room = pool.maxDeposit(lender)
    give(asset, lender, room + 1, pool)

    with ape.reverts("pool: supply cap reached"):
        pool.deposit(room + 1, lender, sender=lender)
    pool.deposit(room, lender, sender=lender)

    # a million shares for each unit of the asset
    assert room == (2**128 - 1) // 2 // SHARES
    assert pool.totalSupply() == room * SHARES


def test_reverts_when_it_buys_no_share(
    project, deployer, asset, rates, registry, treasury, lender, vault, pay
):
    # a unit lent for three years at the highest rate makes 10**7 of it: a share of it costs more
    # than a unit
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury, min_debt=1)
    give(asset, lender, 10, pool)
    rates.set_rate(10 * RAY, sender=vault)
    pool.deposit(1, lender, sender=lender)
    pool.borrow(1, vault, 0, sender=vault)
    for _ in range(3):
        ape.chain.mine(deltatime=YEAR)
        pool.accrue(sender=vault)

    with ape.reverts("pool: nothing to deposit"):
        pool.deposit(1, lender, sender=lender)
