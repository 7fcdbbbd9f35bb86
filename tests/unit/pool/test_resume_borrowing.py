"""`resume_borrowing`: the risk admin allows borrowing again after a loss."""

import ape
import pytest

from tests.steps import DAY, USDC, event

LOSS = 60_000 * USDC  # 6 % of a million; 5 % are tolerated


@pytest.fixture
def stopped(pool, lent, vault, lose):
    lose(vault, LOSS)


def test_allows_borrowing(pool, stopped, vault, risk_admin):
    pool.resume_borrowing(sender=risk_admin)

    pool.borrow(1_000 * USDC, vault, 0, sender=vault)

    assert not pool.borrowing_stopped()


def test_forgets_the_losses(pool, stopped, risk_admin):
    receipt = pool.resume_borrowing(sender=risk_admin)

    assert event(receipt, pool.BorrowingResumed).losses == LOSS
    assert pool.lender_losses() == 0


def test_counting_starts_anew(pool, stopped, vault, risk_admin, lose):
    pool.resume_borrowing(sender=risk_admin)

    # 5 % of the 940,000 that are left
    lose(vault, 47_000 * USDC)
    tolerated = not pool.borrowing_stopped()
    lose(vault, 1_000 * USDC)

    assert tolerated
    assert pool.borrowing_stopped()


def test_does_not_end_a_pause(pool, stopped, guardian, risk_admin):
    pool.pause(1, DAY, sender=guardian)

    pool.resume_borrowing(sender=risk_admin)

    assert pool.pause_level() == 1


def test_reverts_for_anyone_but_the_risk_admin(pool, stopped, house, guardian, outsider):
    for other in (house, guardian, outsider):
        with ape.reverts("pool: not the risk admin"):
            pool.resume_borrowing(sender=other)


def test_reverts_unless_stopped(pool, lent, vault, lose, risk_admin):
    lose(vault, 40_000 * USDC)

    with ape.reverts("pool: borrowing is not stopped"):
        pool.resume_borrowing(sender=risk_admin)
    assert pool.lender_losses() == 40_000 * USDC
