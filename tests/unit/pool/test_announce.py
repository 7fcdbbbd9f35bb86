"""`announce` and `cancel`: a change of the pool stands announced, word for word."""

import ape
import pytest
from eth_utils import keccak

from tests.steps import DAY, USDC, event

CAPS = 50_000_001 * USDC, 0
WINDOW = 14 * DAY


@pytest.fixture
def call(pool):
    return pool.set_caps.encode_input(*CAPS)


def test_sets_when_the_call_is_ready(pool, call, risk_admin):
    receipt = pool.announce(call, sender=risk_admin)

    log = event(receipt, pool.Announced)
    assert (log.action, log.call) == (keccak(call), call)
    assert log.ready_at == pool.ready_at(keccak(call)) == receipt.timestamp + 3 * DAY


def test_the_notice_is_three_days(pool):
    assert pool.NOTICE() == 3 * DAY


def test_takes_a_call_of_516_bytes(pool, risk_admin):
    pool.announce(b"\x01" * 516, sender=risk_admin)

    assert pool.ready_at(keccak(b"\x01" * 516)) > 0


def test_withdraws_a_call_of_516_bytes(pool, risk_admin):
    pool.announce(b"\x01" * 516, sender=risk_admin)

    pool.cancel(b"\x01" * 516, sender=risk_admin)

    assert pool.ready_at(keccak(b"\x01" * 516)) == 0


def test_refuses_a_longer_call(pool, risk_admin):
    with ape.reverts():
        pool.announce(b"\x01" * 517, sender=risk_admin)


def test_reverts_for_anyone_but_the_risk_admin(pool, call, house, guardian, outsider):
    for other in (house, guardian, outsider):
        with ape.reverts("pool: not the risk admin"):
            pool.announce(call, sender=other)


def test_announcing_again_starts_anew(chain, pool, call, risk_admin):
    pool.announce(call, sender=risk_admin)
    chain.mine(deltatime=2 * DAY)

    receipt = pool.announce(call, sender=risk_admin)

    assert pool.ready_at(keccak(call)) == receipt.timestamp + 3 * DAY


# -- The window ------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [0, 1, WINDOW])
def test_the_call_passes_inside_the_window(chain, pool, call, risk_admin, late):
    ready = pool.announce(call, sender=risk_admin).timestamp + 3 * DAY

    chain.pending_timestamp = ready + late
    receipt = pool.set_caps(*CAPS, sender=risk_admin)

    assert receipt.timestamp == ready + late
    assert pool.ready_at(keccak(call)) == 0


def test_the_call_is_too_early_one_second_before(chain, pool, call, risk_admin):
    ready = pool.announce(call, sender=risk_admin).timestamp + 3 * DAY

    chain.pending_timestamp = ready - 1
    with ape.reverts("notice: too early"):
        pool.set_caps(*CAPS, sender=risk_admin)


def test_the_call_has_lapsed_one_second_after(chain, pool, call, risk_admin):
    ready = pool.announce(call, sender=risk_admin).timestamp + 3 * DAY

    chain.pending_timestamp = ready + WINDOW + 1
    with ape.reverts("notice: lapsed"):
        pool.set_caps(*CAPS, sender=risk_admin)


def test_a_lapsed_call_can_be_announced_again(chain, pool, call, risk_admin):
    pool.announce(call, sender=risk_admin)
    chain.mine(deltatime=30 * DAY)
    pool.announce(call, sender=risk_admin)
    chain.mine(deltatime=3 * DAY)

    pool.set_caps(*CAPS, sender=risk_admin)

    assert pool.supply_cap() == CAPS[0]


# -- Cancelling ------------------------------------------------------------------------------------


def test_cancel_withdraws_it(chain, pool, call, risk_admin):
    pool.announce(call, sender=risk_admin)
    chain.mine(deltatime=3 * DAY)

    receipt = pool.cancel(call, sender=risk_admin)

    assert event(receipt, pool.AnnouncementCancelled).action == keccak(call)
    with ape.reverts("notice: not announced"):
        pool.set_caps(*CAPS, sender=risk_admin)


def test_cancel_reverts_for_anyone_but_the_risk_admin(pool, call, risk_admin, house, guardian):
    pool.announce(call, sender=risk_admin)

    for other in (house, guardian):
        with ape.reverts("pool: not the risk admin"):
            pool.cancel(call, sender=other)


def test_cancel_reverts_for_what_was_not_announced(pool, call, risk_admin):
    with ape.reverts("notice: not announced"):
        pool.cancel(call, sender=risk_admin)
