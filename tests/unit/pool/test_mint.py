"""`mint`: lenders name the shares and pay what they cost, rounded up."""

import ape
import pytest

from tests.steps import DAY, MAX, RAY, USDC, YEAR, ZERO, event, give
from tests.unit.pool.bare import shares_moved

SHARES = 10**6  # per unit of the asset while nothing was earned


def test_takes_assets_and_issues_shares(pool, asset, lender, outsider):
    give(asset, lender, 100 * USDC, pool)

    pool.mint(100 * USDC * SHARES, outsider, sender=lender)

    assert asset.balanceOf(lender) == 0
    assert pool.cash() == pool.totalAssets() == 100 * USDC
    assert pool.balanceOf(outsider) == pool.totalSupply() == 100 * USDC * SHARES


def test_logs_deposit_and_transfer(pool, asset, lender, outsider):
    give(asset, lender, USDC, pool)

    receipt = pool.mint(USDC * SHARES - 1, outsider, sender=lender)

    log = event(receipt, pool.Deposit)
    assert (log.sender, log.owner) == (lender, outsider)
    assert (log.assets, log.shares) == (USDC, USDC * SHARES - 1)
    assert shares_moved(receipt, pool) == [(ZERO, outsider, USDC * SHARES - 1)]


@pytest.mark.parametrize(("shares", "assets"), [(1, 1), (10**6, 1), (10**6 + 1, 2)])
def test_rounds_assets_up(pool, asset, lender, shares, assets):
    give(asset, lender, USDC, pool)

    pool.mint(shares, lender, sender=lender)

    assert pool.cash() == assets
    assert pool.balanceOf(lender) == shares


def test_does_what_its_preview_says(twin, actor):
    twin.set_rate(3 * RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    preview, assets = twin.run(("previewMint", 10**15 + 7), ("mint", 10**15 + 7, actor))

    assert preview == assets > 10**9


def test_dilutes_nobody(twin, actor):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    before, _, after = twin.run(
        ("convertToAssets", 10**24), ("mint", 10**15 + 7, actor), ("convertToAssets", 10**24)
    )

    assert after >= before


@pytest.mark.parametrize("level", [1, 2])
def test_reverts_while_paused(pool, asset, lender, guardian, level):
    give(asset, lender, USDC, pool)
    pool.pause(level, DAY, sender=guardian)

    with ape.reverts("pool: paused"):
        pool.mint(SHARES, lender, sender=lender)


def test_reverts_above_the_supply_cap(pool, asset, lent, lender, risk_admin):
    give(asset, lender, 10 * USDC, pool)
    pool.set_caps(1_000_002 * USDC, 0, sender=risk_admin)

    with ape.reverts("pool: supply cap reached"):
        pool.mint(2 * USDC * SHARES + 1, lender, sender=lender)
    pool.mint(2 * USDC * SHARES, lender, sender=lender)


def test_reverts_for_nothing(pool, lender):
    with ape.reverts("pool: nothing to deposit"):
        pool.mint(0, lender, sender=lender)


@pytest.mark.parametrize("shares", [2**128, MAX])
def test_reverts_above_128_bits(pool, lender, shares):
    with ape.reverts("share: supply above 128 bits"):
        pool.mint(shares, lender, sender=lender)


def test_128_bits_of_shares_are_refused_for_want_of_room(pool, lender):
    with ape.reverts("pool: supply cap reached"):
        pool.mint(2**128 - 1, lender, sender=lender)


def test_reverts_for_no_receiver(pool, asset, lender):
    give(asset, lender, USDC, pool)

    with ape.reverts("share: zero receiver"):
        pool.mint(SHARES, ZERO, sender=lender)


def test_reverts_when_the_asset_returns_false(pool, asset, lender):
    give(asset, lender, USDC, pool)
    asset.set_quirks(2, sender=lender)

    with ape.reverts("pool: transfer failed"):
        pool.mint(SHARES, lender, sender=lender)
