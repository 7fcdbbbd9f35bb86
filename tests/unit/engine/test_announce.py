"""A change stands announced, word for word, for the notice; `cancel` withdraws it."""

import ape
import pytest
from eth_utils import keccak

from tests.steps import DAY, event
from tests.unit.engine.conftest import PERCENT


@pytest.fixture
def call(engine, weth):
    return engine.raise_maintenance_ltv.encode_input(weth, 90 * PERCENT)


@pytest.fixture
def ready_at(engine, call, risk_admin):
    """When the rise that was announced may be made."""
    return engine.announce(call, sender=risk_admin).timestamp + 3 * DAY


@pytest.fixture
def lift(engine, weth, risk_admin):
    return lambda ltv=90 * PERCENT: engine.raise_maintenance_ltv(weth, ltv, sender=risk_admin)


def test_logs_the_call(engine, call, risk_admin):
    receipt = engine.announce(call, sender=risk_admin)

    log = event(receipt, engine.Announced)
    assert (log.action, log.call) == (keccak(call), call)
    assert log.ready_at == receipt.timestamp + engine.NOTICE() == receipt.timestamp + 3 * DAY


def test_notes_when_it_is_ready(engine, call, ready_at):
    assert engine.ready_at(keccak(call)) == ready_at


@pytest.mark.parametrize("late", [0, 14 * DAY])
def test_allows_the_call_for_14_days(engine, weth, ready_at, lift, at, late):
    at(ready_at + late)

    lift()

    assert engine.maintenance_ltv(weth) == 90 * PERCENT


def test_does_not_allow_it_a_second_earlier(ready_at, lift, at):
    at(ready_at - 1)

    with ape.reverts("notice: too early"):
        lift()


def test_lapses_after_14_days(ready_at, lift, at):
    at(ready_at + 14 * DAY + 1)

    with ape.reverts("notice: lapsed"):
        lift()


def test_is_spent_by_the_call(engine, call, ready_at, lift, at):
    at(ready_at)
    lift()

    with ape.reverts("notice: not announced"):
        lift()
    assert engine.ready_at(keccak(call)) == 0


@pytest.mark.parametrize("difference", [1, -1])
def test_allows_no_other_words(ready_at, lift, at, difference):
    at(ready_at)

    with ape.reverts("notice: not announced"):
        lift(90 * PERCENT + difference)


def test_allows_no_other_function(engine, weth, ready_at, risk_admin, at):
    at(ready_at)

    with ape.reverts("notice: not announced"):
        engine.set_initial_ltv(weth, 81 * PERCENT, sender=risk_admin)


def test_begins_anew_when_announced_again(engine, call, ready_at, lift, at, risk_admin):
    at(ready_at)
    engine.announce(call, sender=risk_admin)

    with ape.reverts("notice: too early"):
        lift()


def test_is_not_spent_by_a_call_that_fails(engine, weth, lift, at, risk_admin):
    call = engine.raise_maintenance_ltv.encode_input(weth, 1)
    ready_at = engine.announce(call, sender=risk_admin).timestamp + 3 * DAY
    at(ready_at)

    with ape.reverts("engine: not a rise"):
        lift(1)
    assert engine.ready_at(keccak(call)) == ready_at


def test_takes_a_call_of_516_bytes(engine, risk_admin):
    engine.announce(b"\x01" * 516, sender=risk_admin)

    assert engine.ready_at(keccak(b"\x01" * 516)) > 0


def test_is_for_the_risk_admin(engine, call, house):
    with ape.reverts("engine: not the risk admin"):
        engine.announce(call, sender=house)


# -- Withdrawn -------------------------------------------------------------------------------------


def test_cancel_withdraws_it(engine, call, ready_at, lift, at, risk_admin):
    engine.cancel(call, sender=risk_admin)

    at(ready_at)

    with ape.reverts("notice: not announced"):
        lift()


def test_cancel_is_logged(engine, call, ready_at, risk_admin):
    receipt = engine.cancel(call, sender=risk_admin)

    assert event(receipt, engine.AnnouncementCancelled).action == keccak(call)
    assert engine.ready_at(keccak(call)) == 0


def test_cancel_withdraws_a_call_of_516_bytes(engine, risk_admin):
    engine.announce(b"\x01" * 516, sender=risk_admin)

    engine.cancel(b"\x01" * 516, sender=risk_admin)

    assert engine.ready_at(keccak(b"\x01" * 516)) == 0


def test_cancel_needs_an_announcement(engine, call, risk_admin):
    with ape.reverts("notice: not announced"):
        engine.cancel(call, sender=risk_admin)


def test_cancel_is_for_the_risk_admin(engine, call, ready_at, guardian):
    with ape.reverts("engine: not the risk admin"):
        engine.cancel(call, sender=guardian)
