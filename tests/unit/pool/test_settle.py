"""`settle` without a loss: repayment and insurance share of a liquidation."""

import ape
import pytest

from tests.steps import DAY, RAY, USDC, YEAR, ZERO, event, events
from tests.unit.pool.bare import shares_moved

SHARES = 10**6  # per asset while nothing was earned


@pytest.fixture
def owing(pool, lent, vault):
    """The vault owes 10,000."""
    pool.borrow(10_000 * USDC, vault, 0, sender=vault)


def test_books_repayment_and_insurance(pool, fund, owing, vault, pay):
    pay(vault, 4_100 * USDC)

    pool.settle(4_000 * USDC, 100 * USDC, 10_000 * USDC, 0, sender=vault)

    assert pool.cash() == 994_100 * USDC
    assert pool.total_debt() == 6_000 * USDC
    assert pool.balanceOf(fund) == 100 * USDC * SHARES


def test_insurance_dilutes_nobody(pool, owing, vault, pay, lender):
    pay(vault, 4_100 * USDC)

    pool.settle(4_000 * USDC, 100 * USDC, 10_000 * USDC, 0, sender=vault)

    assert pool.convertToAssets(pool.balanceOf(lender)) == 1_000_000 * USDC
    assert pool.totalAssets() == 1_000_100 * USDC


def test_logs_insurance_and_repayment(pool, fund, owing, vault, pay):
    pay(vault, 4_100 * USDC)

    receipt = pool.settle(4_000 * USDC, 100 * USDC, 10_000 * USDC, 0, sender=vault)

    paid = event(receipt, pool.InsurancePaid)
    repaid = event(receipt, pool.Repaid)
    assert (paid.vault, paid.assets, paid.shares) == (vault, 100 * USDC, 100 * USDC * SHARES)
    assert (repaid.vault, repaid.assets) == (vault, 4_000 * USDC)
    assert repaid.scaled_debt == 6_000 * USDC
    assert shares_moved(receipt, pool) == [(ZERO, fund, 100 * USDC * SHARES)]
    assert pool.balanceOf(fund) == 100 * USDC * SHARES
    assert not events(receipt, pool.DebtWrittenOff)


def test_insurance_of_one_unit_buys_shares(pool, fund, owing, vault, pay):
    pay(vault, 4_000 * USDC + 1)

    pool.settle(4_000 * USDC, 1, 10_000 * USDC, 0, sender=vault)

    assert pool.balanceOf(fund) == SHARES


def test_without_insurance_logs_none(pool, owing, vault, pay):
    pay(vault, 4_000 * USDC)

    receipt = pool.settle(4_000 * USDC, 0, 10_000 * USDC, 0, sender=vault)

    assert not events(receipt, pool.InsurancePaid)
    assert not events(receipt, pool.DebtWrittenOff)
    assert not shares_moved(receipt, pool)


def test_equals_the_model_after_interest(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    _, left, *books = twin.run(
        ("asset.transfer", twin.pool, 1_020 * USDC),
        ("settle", 1_000 * USDC, 20 * USDC, 1_000_000 * USDC, 0),
        ("cash",),
        ("total_scaled_debt",),
        ("total_debt",),
        ("totalSupply",),
        ("balanceOf", twin.model.insurance_fund),
    )

    assert left == books[1]
    assert books[0] == 1_001_020 * USDC


def test_reverts_for_strangers(pool, owing, lender):
    with ape.reverts("pool: not a vault"):
        pool.settle(0, 0, 0, 0, sender=lender)


@pytest.mark.parametrize("moved", [0, 4_000 * USDC, 4_100 * USDC - 1])
def test_reverts_when_a_part_is_missing(pool, owing, vault, pay, moved):
    pay(vault, moved)

    with ape.reverts("pool: payment missing"):
        pool.settle(4_000 * USDC, 100 * USDC, 10_000 * USDC, 0, sender=vault)


def test_reverts_above_the_debt(pool, owing, vault, pay):
    pay(vault, 20_000 * USDC)

    with ape.reverts("pool: more than the debt"):
        pool.settle(10_000 * USDC + 1, 0, 10_000 * USDC, 0, sender=vault)


def test_reverts_when_it_burns_no_debt(pool, owing, vault):
    with ape.reverts("pool: repays nothing"):
        pool.settle(0, 0, 10_000 * USDC, 0, sender=vault)


@pytest.mark.parametrize("bad_debt", [1, 6_000 * USDC - 1, 6_000 * USDC + 1])
def test_reverts_unless_a_loss_is_all_that_is_left(pool, owing, vault, pay, bad_debt):
    pay(vault, 4_000 * USDC)

    with ape.reverts("pool: not the whole debt"):
        pool.settle(4_000 * USDC, 0, 10_000 * USDC, bad_debt, sender=vault)


@pytest.mark.parametrize("level", [1, 2])
def test_works_while_paused(pool, owing, vault, pay, guardian, level):
    pool.pause(level, DAY, sender=guardian)
    pay(vault, 10_000 * USDC)

    pool.settle(10_000 * USDC, 0, 10_000 * USDC, 0, sender=vault)

    assert pool.total_debt() == 0


def test_leaves_the_price_of_shares_when_it_books_nothing(pool, owing, vault, lender):
    pool.settle(0, 0, 0, 0, sender=vault)

    assert pool.totalAssets() == 1_000_000 * USDC
    assert pool.totalSupply() == 1_000_000 * USDC * SHARES


def test_cash_must_fit_in_half_a_word(pool, empty_twin, actor, asset, vault):
    # after three years at the highest rate a share is worth ten units of the asset, so that
    # insurance of 2**128 is booked for shares that fit, and only the cash is too much
    twin = empty_twin
    twin.set_rate(10 * RAY)
    twin.run(("deposit", 1_000 * USDC, actor), ("borrow", 1_000 * USDC, actor, 0))
    for _ in range(3):
        ape.chain.mine(deltatime=YEAR)
        twin.run(("accrue",))
    asset.mint(pool, 2**128, sender=vault)

    with ape.reverts("packing: above 128 bits"):
        pool.settle(0, 2**128, 0, 0, sender=vault)
