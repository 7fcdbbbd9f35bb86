"""`borrow`: a vault draws the lenders' cash."""

import ape
import pytest

from tests.steps import DAY, MAX, RAY, USDC, event


def test_moves_cash_to_the_receiver(pool, lent, asset, vault, outsider):
    pool.borrow(400_000 * USDC, outsider, 0, sender=vault)

    assert asset.balanceOf(outsider) == 400_000 * USDC
    assert asset.balanceOf(pool) == pool.cash() == 600_000 * USDC
    assert pool.total_debt() == pool.total_scaled_debt() == 400_000 * USDC


def test_leaves_what_lenders_own(pool, lent, vault):
    pool.borrow(400_000 * USDC, vault, 0, sender=vault)

    assert pool.totalAssets() == 1_000_000 * USDC
    assert pool.totalSupply() == 1_000_000 * USDC * 10**6


def test_logs_scaled_debt_after(pool, lent, vault, outsider):
    receipt = pool.borrow(1_000 * USDC, outsider, 250 * USDC, sender=vault)

    log = event(receipt, pool.Borrowed)
    assert (log.vault, log.receiver) == (vault, outsider)
    assert (log.assets, log.scaled_debt) == (1_000 * USDC, 1_250 * USDC)


def test_returns_scaled_debt_and_debt(twin, actor):
    twin.set_rate(RAY // (1_000 * DAY))

    # one day later the index is 1.0010005...: scaled debt is less than the assets
    ape.chain.mine(deltatime=DAY)
    scaled, debt = twin.ask("borrow", 500_000 * USDC, actor, 1_000_000 * USDC)

    assert 1_499_000 * USDC < scaled < 1_500_000 * USDC
    assert debt == twin.model.debt_of(scaled) > 1_501_000 * USDC


def test_rounds_scaled_debt_up(twin, actor):
    twin.set_rate(RAY // (1_000 * DAY))
    ape.chain.mine(deltatime=DAY)

    index, (scaled, _) = twin.run(("debt_index",), ("borrow", 1, actor, 2_000 * USDC))

    assert (scaled - 2_000 * USDC) * index >= 1 * RAY


def test_takes_all_cash(pool, lent, vault):
    pool.borrow(1_000_000 * USDC, vault, 0, sender=vault)

    assert pool.cash() == 0


def test_reverts_when_cash_is_short(pool, lent, vault):
    with ape.reverts("pool: insufficient cash"):
        pool.borrow(1_000_000 * USDC + 1, vault, 0, sender=vault)


def test_ignores_donations(pool, lent, asset, vault, outsider):
    asset.mint(pool, 1, sender=outsider)

    with ape.reverts("pool: insufficient cash"):
        pool.borrow(1_000_000 * USDC + 1, vault, 0, sender=vault)


def test_reverts_for_strangers(pool, lent, lender, house, registry):
    for stranger in (lender, house):
        with ape.reverts("pool: not a vault"):
            pool.borrow(1_000 * USDC, stranger, 0, sender=stranger)


def test_reverts_for_nothing(pool, lent, vault):
    with ape.reverts("pool: zero assets"):
        pool.borrow(0, vault, 2_000 * USDC, sender=vault)


@pytest.mark.parametrize("level", [1, 2])
def test_reverts_while_paused(pool, lent, vault, guardian, level):
    pool.pause(level, DAY, sender=guardian)

    with ape.reverts("pool: paused"):
        pool.borrow(1_000 * USDC, vault, 0, sender=vault)


def test_reverts_after_a_loss_stopped_it(pool, lent, vault, lose):
    lose(vault, 50_001 * USDC)

    with ape.reverts("pool: borrowing stopped"):
        pool.borrow(1_000 * USDC, vault, 0, sender=vault)


def test_reverts_below_the_smallest_debt(pool, lent, vault):
    with ape.reverts("pool: debt below the smallest"):
        pool.borrow(1_000 * USDC - 1, vault, 0, sender=vault)


def test_counts_the_debt_before(pool, lent, vault):
    pool.borrow(1, vault, 1_000 * USDC - 1, sender=vault)

    assert pool.total_debt() == 1


def test_reverts_above_the_largest_debt(pool, lent, vault, risk_admin):
    pool.set_debt_limits(1_000 * USDC, 3_000 * USDC, sender=risk_admin)
    pool.borrow(3_000 * USDC, vault, 0, sender=vault)

    with ape.reverts("pool: debt above the largest"):
        pool.borrow(1, vault, 3_000 * USDC, sender=vault)


def test_reverts_above_the_borrow_cap(pool, lent, vault, other_vault, risk_admin):
    pool.set_caps(50_000_000 * USDC, 3_000 * USDC, sender=risk_admin)
    pool.borrow(2_000 * USDC, vault, 0, sender=vault)

    with ape.reverts("pool: borrow cap reached"):
        pool.borrow(1_000 * USDC + 1, other_vault, 0, sender=other_vault)
    pool.borrow(1_000 * USDC, other_vault, 0, sender=other_vault)


def test_reverts_when_the_asset_refuses(pool, lent, asset, vault, outsider):
    asset.set_quirks(2, sender=outsider)  # returns false

    with ape.reverts("pool: transfer failed"):
        pool.borrow(1_000 * USDC, vault, 0, sender=vault)


def test_accepts_an_asset_that_returns_nothing(pool, lent, asset, vault, outsider):
    asset.set_quirks(1, sender=outsider)

    pool.borrow(1_000 * USDC, vault, 0, sender=vault)

    assert asset.balanceOf(vault) == 1_000 * USDC


def test_reverts_on_a_debt_beyond_arithmetic(pool, lent, vault):
    with ape.reverts():
        pool.borrow(1_000 * USDC, vault, MAX, sender=vault)
