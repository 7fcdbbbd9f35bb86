"""Maintenance LTV falls on a straight line of at least three days, rounded up."""

import ape
import pytest

from tests.steps import DAY, event
from tests.unit.engine.answers import ask
from tests.unit.engine.conftest import PERCENT


@pytest.fixture
def begin(chain, at):
    """The moment at which the ramp will start."""
    begin = chain.pending_timestamp + 100
    at(begin)
    return begin


@pytest.fixture
def ramp(engine, weth, risk_admin):
    return lambda ltv, ends_at: engine.ramp_maintenance_ltv(weth, ltv, ends_at, sender=risk_admin)


@pytest.fixture
def ltv_at(chain, project, engine, weth, deployer, at):
    """The maintenance LTV that a transaction at this moment finds."""
    actor = deployer.deploy(project.MockActor)
    ecosystem = chain.provider.network.ecosystem

    def read(moment):
        at(moment)
        return ask(ecosystem, actor, deployer, (engine.maintenance_ltv, (weth,)))[0]

    return read


@pytest.fixture
def falling(chain, engine, ltv_at, ramp, weth, risk_admin, at):
    """Begin of a ramp from 85 % to 80 % over four days."""
    begin = chain.pending_timestamp + 100
    at(begin)
    ramp(80 * PERCENT, begin + 4 * DAY)
    return begin


def test_starts_at_the_present_ltv(engine, weth, begin, ramp):
    ramp(80 * PERCENT, begin + 4 * DAY)

    rules = engine.rules_of(weth)
    assert (rules.start_ltv, rules.target_ltv) == (85 * PERCENT, 80 * PERCENT)
    assert (rules.ramp_begin, rules.ramp_end) == (begin, begin + 4 * DAY)


def test_is_logged(engine, weth, begin, ramp):
    receipt = ramp(80 * PERCENT, begin + 4 * DAY)

    log = event(receipt, engine.MaintenanceLtvChanged)
    ends_at = begin + 4 * DAY
    assert log == engine.MaintenanceLtvChanged(weth, 85 * PERCENT, 80 * PERCENT, ends_at)


@pytest.mark.parametrize(
    ("elapsed", "ltv"),
    [
        # 5 % over 345,600 s: 144,675,925,925.925... a second, and what is left is rounded up.
        (1, 849_999_855_324_074_075),
        (DAY, 8375 * PERCENT // 100),
        (2 * DAY, 825 * PERCENT // 10),
        (4 * DAY - 1, 800_000_144_675_925_926),
        (4 * DAY, 80 * PERCENT),
        (400 * DAY, 80 * PERCENT),
    ],
)
def test_falls_on_a_straight_line(falling, ltv_at, elapsed, ltv):
    assert ltv_at(falling + elapsed) == ltv


def test_begins_anew_from_the_middle(engine, weth, falling, ltv_at, ramp, at, risk_admin):
    engine.set_initial_ltv(weth, 70 * PERCENT, sender=risk_admin)
    again = falling + 2 * DAY
    at(again)
    ramp(75 * PERCENT, again + 3 * DAY)

    # From 82.5 % to 75 % over three days.
    assert engine.rules_of(weth).start_ltv == 825 * PERCENT // 10
    assert ltv_at(again + DAY) == 80 * PERCENT
    assert ltv_at(again + 3 * DAY) == 75 * PERCENT


def test_never_rises_by_a_second_ramp(falling, ltv_at, ramp, at):
    again = falling + 2 * DAY
    at(again)
    ramp(81 * PERCENT, again + 3 * DAY)

    # The target of the first ramp was lower, but from 82.5 % this is a fall all the same.
    assert ltv_at(again + DAY) == 82 * PERCENT


def test_may_take_three_days(engine, weth, begin, ramp):
    ramp(80 * PERCENT, begin + 3 * DAY)

    assert engine.rules_of(weth).ramp_end == begin + 3 * DAY


def test_takes_three_days_at_least(begin, ramp):
    with ape.reverts("engine: ramp below 3 days"):
        ramp(80 * PERCENT, begin + 3 * DAY - 1)


def test_ends_in_this_century(ramp):
    with ape.reverts("engine: ramp too long"):
        ramp(80 * PERCENT, 2**32)


def test_may_end_at_the_last_moment(engine, weth, ramp):
    ramp(80 * PERCENT, 2**32 - 1)

    rules = engine.rules_of(weth)
    assert (rules.ramp_end, rules.decimals) == (2**32 - 1, 18)  # they are neighbours in a slot


@pytest.mark.parametrize("ltv", [85 * PERCENT, 85 * PERCENT + 1])
def test_refuses_what_is_no_fall(begin, ramp, ltv):
    with ape.reverts("engine: not a fall"):
        ramp(ltv, begin + 4 * DAY)


def test_stays_above_the_initial_ltv(begin, ramp):
    with ape.reverts("engine: initial LTV too high"):
        ramp(80 * PERCENT - 1, begin + 4 * DAY)


def test_is_for_the_risk_admin(engine, weth, begin, guardian):
    with ape.reverts("engine: not the risk admin"):
        engine.ramp_maintenance_ltv(weth, 80 * PERCENT, begin + 4 * DAY, sender=guardian)


def test_refuses_a_stranger(engine, make_token, begin, risk_admin):
    with ape.reverts("engine: token not listed"):
        engine.ramp_maintenance_ltv(make_token("NEW"), 0, begin + 4 * DAY, sender=risk_admin)


def test_refuses_a_delisted_token(chain, engine, list_new, with_notice, risk_admin):
    token, _ = list_new("NIL", 1, 0)
    with_notice(engine, "delist_token", token, sender=risk_admin)

    with ape.reverts("engine: token delisted"):
        engine.ramp_maintenance_ltv(token, 0, 2**31, sender=risk_admin)
