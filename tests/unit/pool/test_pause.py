"""`pause` and `lower_pause`: levels that rise at a word, lapse by themselves, and are never cut
short but by the risk admin.
"""

import ape
import pytest

from tests.steps import DAY, MAX, event


def test_raises_the_level(pool, guardian):
    pool.pause(1, DAY, sender=guardian)

    assert pool.pause_level() == 1


def test_level_two_is_more_than_one(pool, guardian):
    pool.pause(2, DAY, sender=guardian)

    assert pool.pause_level() == 2


@pytest.mark.parametrize("level", [1, 2])
def test_logs_level_end_and_guardian(pool, guardian, level):
    receipt = pool.pause(level, DAY, sender=guardian)

    log = event(receipt, pool.Paused)
    assert (log.level, log.until, log.by) == (level, receipt.timestamp + DAY, guardian)


@pytest.mark.parametrize("level", [1, 2])
def test_lapses_after_its_last_second(chain, pool, guardian, level):
    until = pool.pause(level, DAY, sender=guardian).timestamp + DAY

    chain.mine(timestamp=until)
    at_the_end = pool.pause_level()
    chain.mine(timestamp=until + 10)

    assert at_the_end in (0, level)  # a view may be asked for the second after the block
    assert pool.pause_level() == 0


@pytest.mark.parametrize("duration", [DAY, DAY + 1])  # to an even second and to an odd one
@pytest.mark.parametrize("level", [1, 2])
def test_holds_to_its_last_second(chain, pool, vault, lent, guardian, level, duration):
    until = pool.pause(level, duration, sender=guardian).timestamp + duration

    chain.pending_timestamp = until
    with ape.reverts("pool: paused"):
        pool.borrow(10**9, vault, 0, sender=vault)
    chain.pending_timestamp = until + 1
    pool.borrow(10**9, vault, 0, sender=vault)

    assert pool.total_debt() == 10**9


def test_level_one_goes_on_when_level_two_lapses(chain, pool, guardian):
    pool.pause(1, 3 * DAY, sender=guardian)
    pool.pause(2, DAY, sender=guardian)

    chain.mine(deltatime=2 * DAY)

    assert pool.pause_level() == 1


def test_level_two_holds_level_one_as_long(chain, pool, guardian):
    pool.pause(2, 3 * DAY, sender=guardian)
    pool.pause(1, DAY, sender=guardian)

    chain.mine(deltatime=2 * DAY)

    assert pool.pause_level() == 2


def test_is_not_shortened_by_another(chain, pool, guardian):
    pool.pause(1, 7 * DAY, sender=guardian)
    pool.pause(1, 1, sender=guardian)

    chain.mine(deltatime=6 * DAY)

    assert pool.pause_level() == 1


def test_can_be_renewed_at_any_time(chain, pool, guardian):
    pool.pause(1, 7 * DAY, sender=guardian)
    chain.mine(deltatime=6 * DAY)
    pool.pause(1, 7 * DAY, sender=guardian)

    chain.mine(deltatime=6 * DAY)

    assert pool.pause_level() == 1


def test_keeps_the_stop_after_a_loss(pool, lent, vault, lose, guardian):
    lose(vault, 60_000 * 10**6)

    pool.pause(2, DAY, sender=guardian)

    assert pool.borrowing_stopped()


def test_reverts_for_anyone_but_the_guardian(pool, house, risk_admin, outsider):
    for other in (house, risk_admin, outsider):
        with ape.reverts("pool: not the guardian"):
            pool.pause(1, DAY, sender=other)


@pytest.mark.parametrize("level", [0, 3, MAX])
def test_reverts_for_other_levels(pool, guardian, level):
    with ape.reverts("pool: no such pause level"):
        pool.pause(level, DAY, sender=guardian)


@pytest.mark.parametrize("duration", [0, 7 * DAY + 1, MAX])
def test_reverts_for_other_durations(pool, guardian, duration):
    with ape.reverts("pool: pause above 7 days"):
        pool.pause(1, duration, sender=guardian)


def test_may_last_seven_days(pool, guardian):
    pool.pause(2, 7 * DAY, sender=guardian)

    assert pool.pause_level() == 2


# -- Lowering --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "lower"), [(1, 0), (2, 0), (2, 1)])
def test_risk_admin_lowers(pool, guardian, risk_admin, level, lower):
    pool.pause(level, DAY, sender=guardian)

    receipt = pool.lower_pause(lower, sender=risk_admin)

    log = event(receipt, pool.PauseLowered)
    assert (log.level, log.by) == (lower, risk_admin)
    assert pool.pause_level() == lower


def test_lowered_to_one_still_lapses(chain, pool, guardian, risk_admin):
    pool.pause(2, DAY, sender=guardian)
    pool.lower_pause(1, sender=risk_admin)

    chain.mine(deltatime=DAY + 10)

    assert pool.pause_level() == 0


def test_can_be_raised_after_it_was_lowered(pool, guardian, risk_admin):
    pool.pause(2, DAY, sender=guardian)
    pool.lower_pause(0, sender=risk_admin)

    pool.pause(1, DAY, sender=guardian)

    assert pool.pause_level() == 1


def test_lowering_keeps_the_stop_after_a_loss(pool, lent, vault, lose, guardian, risk_admin):
    lose(vault, 60_000 * 10**6)
    pool.pause(1, DAY, sender=guardian)

    pool.lower_pause(0, sender=risk_admin)

    assert pool.borrowing_stopped()


def test_lowering_reverts_for_anyone_but_the_risk_admin(pool, house, guardian, outsider):
    pool.pause(1, DAY, sender=guardian)

    for other in (house, guardian, outsider):
        with ape.reverts("pool: not the risk admin"):
            pool.lower_pause(0, sender=other)


@pytest.mark.parametrize(("level", "lower"), [(1, 1), (1, 2), (2, 2), (2, MAX)])
def test_lowering_reverts_unless_it_lowers(pool, guardian, risk_admin, level, lower):
    pool.pause(level, DAY, sender=guardian)

    with ape.reverts("pool: pause is not above that"):
        pool.lower_pause(lower, sender=risk_admin)


def test_lowering_reverts_without_a_pause(chain, pool, guardian, risk_admin):
    pool.pause(1, DAY, sender=guardian)
    chain.mine(deltatime=DAY + 10)

    with ape.reverts("pool: pause is not above that"):
        pool.lower_pause(0, sender=risk_admin)
