"""`transfer`, `transferFrom` and `approve`: shares are an ordinary token."""

import ape
import pytest

from tests.steps import DAY, MAX, RAY, USDC, YEAR, ZERO, event, events
from tests.unit.pool.bare import shares_moved

ALL = 1_000_000 * USDC * 10**6


@pytest.fixture
def earned(twin):
    """A year at 100 %; nothing is earned from here on, and the reserves are owed shares."""
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("accrue",))
    twin.set_rate(0)
    return twin


# -- transfer --------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [0, 1, ALL])
def test_moves_shares(pool, lent, lender, outsider, amount):
    receipt = pool.transfer(outsider, amount, sender=lender)

    assert shares_moved(receipt, pool) == [(lender, outsider, amount)]
    assert pool.balanceOf(outsider) == amount
    assert pool.balanceOf(lender) == ALL - amount


def test_to_oneself_changes_nothing(pool, lent, lender):
    pool.transfer(lender, ALL, sender=lender)

    assert pool.balanceOf(lender) == pool.totalSupply() == ALL


def test_returns_true(twin, outsider):
    assert twin.ask("transfer", outsider, 1) == 1


@pytest.mark.parametrize("amount", [ALL + 1, MAX])
def test_reverts_above_the_balance(pool, lent, lender, outsider, amount):
    with ape.reverts("share: balance too low"):
        pool.transfer(outsider, amount, sender=lender)


def test_reverts_for_no_receiver(pool, lent, lender):
    with ape.reverts("share: zero receiver"):
        pool.transfer(ZERO, 1, sender=lender)


@pytest.mark.parametrize("level", [1, 2])
def test_works_while_paused(pool, lent, lender, outsider, guardian, level):
    pool.pause(level, DAY, sender=guardian)

    pool.transfer(outsider, ALL, sender=lender)

    assert pool.balanceOf(outsider) == ALL


def test_a_reserve_first_gets_what_it_is_owed(earned, treasury, outsider):
    pool = earned.pool
    owed = pool.balanceOf(treasury)

    receipt = pool.transfer(outsider, owed, sender=treasury)

    assert event(receipt, pool.ReservesCollected).treasury_shares == owed > 0
    assert pool.balanceOf(treasury) == 0
    assert pool.balanceOf(outsider) == owed


def test_a_reserve_that_sends_a_part_keeps_the_rest(earned, fund, treasury, outsider):
    pool = earned.pool
    owed, others = pool.balanceOf(treasury), pool.balanceOf(fund)

    pool.transfer(outsider, 1, sender=treasury)

    assert pool.balanceOf(treasury) == owed - 1
    assert pool.balanceOf(fund) == others


def test_a_reserve_can_not_send_more_than_it_is_owed(earned, treasury, outsider):
    owed = earned.pool.balanceOf(treasury)

    with ape.reverts("share: balance too low"):
        earned.pool.transfer(outsider, owed + 1, sender=treasury)


def test_to_a_reserve_collects_nothing(earned, treasury, outsider):
    owed = earned.pool.balanceOf(treasury)

    earned.run(("transfer", treasury, 5))

    assert earned.pool.balanceOf(treasury) == owed + 5


def test_of_others_collects_nothing(earned, lender, outsider):
    earned.run(("transfer", lender, 5))

    receipt = earned.pool.transfer(outsider, 5, sender=lender)

    assert not events(receipt, earned.pool.ReservesCollected)
    assert not events(receipt, earned.pool.InterestAccrued)


# -- approve, transferFrom -------------------------------------------------------------------------


def test_approve_sets_and_logs(pool, lender, outsider):
    pool.approve(outsider, 5, sender=lender)

    receipt = pool.approve(outsider, 7, sender=lender)

    log = event(receipt, pool.Approval)
    assert (log.owner, log.spender, log.value) == (lender, outsider, 7)
    assert pool.allowance(lender, outsider) == 7


def test_approve_returns_true(twin, outsider):
    assert twin.ask("approve", outsider, 7) == 1


def test_approve_allows_nobody_else(pool, lender, outsider, owner):
    pool.approve(outsider, 5, sender=lender)

    assert pool.allowance(lender, owner) == pool.allowance(outsider, lender) == 0


def test_transfer_from_spends_the_allowance(pool, lent, lender, outsider, owner):
    pool.approve(outsider, 7, sender=lender)

    receipt = pool.transferFrom(lender, owner, 5, sender=outsider)

    assert shares_moved(receipt, pool) == [(lender, owner, 5)]
    assert pool.allowance(lender, outsider) == 2
    assert pool.balanceOf(owner) == 5


def test_transfer_from_keeps_the_largest_allowance(pool, lent, lender, outsider):
    pool.approve(outsider, MAX, sender=lender)

    pool.transferFrom(lender, outsider, ALL, sender=outsider)

    assert pool.allowance(lender, outsider) == MAX


def test_transfer_from_uses_up_the_allowance_next_to_the_largest(pool, lent, lender, outsider):
    pool.approve(outsider, MAX - 1, sender=lender)

    pool.transferFrom(lender, outsider, 1, sender=outsider)

    assert pool.allowance(lender, outsider) == MAX - 2


def test_transfer_from_needs_no_allowance_of_oneself(pool, lent, lender, outsider):
    pool.transferFrom(lender, outsider, 5, sender=lender)

    assert pool.balanceOf(outsider) == 5


def test_transfer_from_returns_true(twin, outsider):
    assert twin.ask("transferFrom", twin.actor, outsider, 1) == 1


def test_transfer_from_reverts_above_the_allowance(pool, lent, lender, outsider):
    pool.approve(outsider, 4, sender=lender)

    with ape.reverts("share: allowance too low"):
        pool.transferFrom(lender, outsider, 5, sender=outsider)


def test_transfer_from_reverts_above_the_balance(pool, lent, lender, outsider):
    pool.approve(outsider, MAX, sender=lender)

    with ape.reverts("share: balance too low"):
        pool.transferFrom(lender, outsider, ALL + 1, sender=outsider)


def test_transfer_from_reverts_for_no_receiver(pool, lent, lender, outsider):
    pool.approve(outsider, MAX, sender=lender)

    with ape.reverts("share: zero receiver"):
        pool.transferFrom(lender, ZERO, 1, sender=outsider)


def test_transfer_from_a_reserve_first_collects(earned, treasury, outsider):
    pool = earned.pool
    owed = pool.balanceOf(treasury)
    pool.approve(outsider, owed, sender=treasury)

    receipt = pool.transferFrom(treasury, outsider, owed, sender=outsider)

    assert event(receipt, pool.ReservesCollected).treasury_shares == owed
    assert pool.balanceOf(outsider) == owed
