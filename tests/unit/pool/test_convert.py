"""`convertToShares`, `convertToAssets`, the previews and `totalAssets`, against the model."""

import ape
import pytest

from tests.steps import DAY, RAY, USDC, YEAR

SHARES = 10**6  # per unit of the asset while nothing was earned


def test_an_empty_pool_converts_at_the_virtual_price(pool):
    assert pool.convertToShares(7) == pool.previewDeposit(7) == 7 * SHARES
    assert pool.previewWithdraw(7) == 7 * SHARES
    assert pool.convertToAssets(7 * SHARES) == pool.previewMint(7 * SHARES) == 7


@pytest.mark.parametrize(("shares", "down", "up"), [(0, 0, 0), (1, 0, 1), (10**6 + 1, 1, 2)])
def test_rounds_against_the_caller(pool, shares, down, up):
    assert pool.convertToAssets(shares) == pool.previewRedeem(shares) == down
    assert pool.previewMint(shares) == up


@pytest.mark.parametrize("rate", [0, RAY // YEAR, 10 * RAY // YEAR])
@pytest.mark.parametrize("amount", [0, 1, 999_999, 10**12 + 1, 10**30])
def test_equals_the_model(twin, rate, amount):
    twin.set_rate(rate)
    ape.chain.mine(deltatime=YEAR)

    shares, _, minted, burned, assets, redeemed, _ = twin.run(
        ("convertToShares", amount),
        ("previewDeposit", amount),
        ("previewMint", amount),
        ("previewWithdraw", amount),
        ("convertToAssets", amount),
        ("previewRedeem", amount),
        ("totalAssets",),
    )

    assert shares <= burned <= shares + 1
    assert assets == redeemed <= minted <= assets + 1


def test_ignores_caps_and_pauses(pool, lent, guardian, risk_admin):
    pool.set_caps(0, 0, sender=risk_admin)
    pool.pause(2, DAY, sender=guardian)

    assert pool.previewDeposit(USDC) == USDC * SHARES
    assert pool.previewMint(USDC * SHARES) == USDC


def test_a_loss_lowers_the_price(pool, lent, vault, lose):
    lose(vault, 500_000 * USDC)

    # (500,000 * 10**6 + 1) / (10**18 + 10**6): half a unit for a million shares, and a little
    assert pool.convertToAssets(2 * USDC * SHARES) == USDC
    assert pool.convertToShares(USDC) == 2 * USDC * SHARES - 2


def test_total_assets_are_cash_and_debt(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    total, cash, debt = twin.run(("totalAssets",), ("cash",), ("total_debt",))

    assert total == cash + debt > 2_000_000 * USDC


def test_asset_is_the_credit_asset(pool, asset):
    assert pool.asset() == asset


@pytest.mark.parametrize("assets", [1, 7, 1_234_567, 10**12 + 1])
def test_a_round_trip_gains_nothing(twin, actor, assets):
    twin.set_rate(3 * RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("accrue",))
    twin.set_rate(0)

    shares = twin.ask("previewDeposit", assets)
    _, back, burned, cost = twin.run(
        ("deposit", assets, actor),
        ("previewRedeem", shares),
        ("withdraw", assets, actor, actor),
        ("previewMint", shares),
    )

    assert back <= cost <= assets
    assert burned >= shares
