"""`repay`: a vault books what it has moved to the pool against its debt."""

import ape
import pytest

from tests.steps import DAY, RAY, USDC, YEAR, event


@pytest.fixture
def owing(pool, lent, vault):
    """The vault owes 10,000."""
    pool.borrow(10_000 * USDC, vault, 0, sender=vault)


def test_lowers_debt_and_raises_cash(pool, owing, vault, pay):
    pay(vault, 4_000 * USDC)

    pool.repay(4_000 * USDC, 10_000 * USDC, sender=vault)

    assert pool.cash() == 994_000 * USDC
    assert pool.total_scaled_debt() == pool.total_debt() == 6_000 * USDC
    assert pool.totalAssets() == 1_000_000 * USDC


def test_logs_scaled_debt_after(pool, owing, vault, pay):
    pay(vault, 4_000 * USDC)

    receipt = pool.repay(4_000 * USDC, 10_000 * USDC, sender=vault)

    log = event(receipt, pool.Repaid)
    assert (log.vault, log.assets, log.scaled_debt) == (vault, 4_000 * USDC, 6_000 * USDC)


def test_the_whole_debt_burns_all(pool, owing, vault, pay):
    pay(vault, 10_000 * USDC)

    receipt = pool.repay(10_000 * USDC, 10_000 * USDC, sender=vault)

    assert event(receipt, pool.Repaid).scaled_debt == 0
    assert pool.total_scaled_debt() == 0


def test_a_part_burns_rounded_down(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    _, index, left = twin.run(
        ("asset.transfer", twin.pool, 1_000 * USDC),
        ("debt_index",),
        ("repay", 1_000 * USDC, 1_000_000 * USDC),
    )

    # 1 + 1 + 1/2 + 1/6 = 2.667 in the first year, so that 1,000 burn about 375
    burned = 1_000_000 * USDC - left
    assert burned * index <= 1_000 * USDC * RAY < (burned + 1) * index
    assert 374 * USDC < burned <= 375 * USDC


def test_may_burn_a_single_unit(pool, owing, vault, pay):
    pay(vault, 1)

    pool.repay(1, 10_000 * USDC, sender=vault)

    assert pool.total_scaled_debt() == 10_000 * USDC - 1


def test_leaves_the_debts_of_others(pool, owing, vault, other_vault, pay):
    pool.borrow(2_000 * USDC, other_vault, 0, sender=other_vault)
    pay(vault, 10_000 * USDC)

    pool.repay(10_000 * USDC, 10_000 * USDC, sender=vault)

    assert pool.total_scaled_debt() == 2_000 * USDC


def test_of_nothing_against_nothing_changes_nothing(pool, owing, vault):
    pool.repay(0, 0, sender=vault)

    assert pool.total_scaled_debt() == 10_000 * USDC
    assert pool.cash() == 990_000 * USDC


@pytest.mark.parametrize("level", [1, 2])
def test_works_while_paused(pool, owing, vault, pay, guardian, level):
    pool.pause(level, DAY, sender=guardian)
    pay(vault, 10_000 * USDC)

    pool.repay(10_000 * USDC, 10_000 * USDC, sender=vault)

    assert pool.total_debt() == 0


def test_works_while_borrowing_is_stopped(pool, owing, vault, other_vault, pay, lose):
    lose(other_vault, 60_000 * USDC)
    pay(vault, 10_000 * USDC)

    pool.repay(10_000 * USDC, 10_000 * USDC, sender=vault)

    assert pool.total_debt() == 0


def test_reverts_for_strangers(pool, owing, outsider):
    with ape.reverts("pool: not a vault"):
        pool.repay(1, 10_000 * USDC, sender=outsider)


def test_reverts_when_nothing_was_moved(pool, owing, vault):
    with ape.reverts("pool: payment missing"):
        pool.repay(4_000 * USDC, 10_000 * USDC, sender=vault)


def test_reverts_when_one_unit_is_missing(pool, owing, vault, pay):
    pay(vault, 4_000 * USDC - 1)

    with ape.reverts("pool: payment missing"):
        pool.repay(4_000 * USDC, 10_000 * USDC, sender=vault)


def test_reverts_above_the_debt(pool, owing, vault, pay):
    pay(vault, 20_000 * USDC)

    with ape.reverts("pool: more than the debt"):
        pool.repay(10_000 * USDC + 1, 10_000 * USDC, sender=vault)


def test_reverts_when_it_burns_no_debt(twin, vault, pay):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    pay(vault, 1)

    with ape.reverts("pool: repays nothing"):
        twin.pool.repay(1, 1_000_000 * USDC, sender=vault)


def test_reverts_on_zero_against_a_debt(pool, owing, vault):
    with ape.reverts("pool: repays nothing"):
        pool.repay(0, 10_000 * USDC, sender=vault)


def test_reverts_on_more_scaled_debt_than_there_is(pool, owing, vault, pay):
    pay(vault, 10_001 * USDC)

    with ape.reverts():
        pool.repay(10_001 * USDC, 10_001 * USDC, sender=vault)
