"""Initial LTV: lowered at once, raised after notice, never above the maintenance LTV."""

import ape

from tests.steps import DAY, event
from tests.unit.engine.conftest import PERCENT


def test_falls_at_once(engine, weth, risk_admin):
    engine.set_initial_ltv(weth, 60 * PERCENT, sender=risk_admin)

    assert engine.rules_of(weth).initial_ltv == 60 * PERCENT
    assert engine.maintenance_ltv(weth) == 85 * PERCENT


def test_is_logged(engine, weth, risk_admin):
    receipt = engine.set_initial_ltv(weth, 60 * PERCENT, sender=risk_admin)

    log = event(receipt, engine.InitialLtvChanged)
    assert log == engine.InitialLtvChanged(weth, 80 * PERCENT, 60 * PERCENT)


def test_rises_after_notice(engine, weth, with_notice, risk_admin):
    with_notice(engine, "set_initial_ltv", weth, 85 * PERCENT, sender=risk_admin)

    assert engine.rules_of(weth).initial_ltv == 85 * PERCENT


def test_does_not_rise_without_notice(engine, weth, risk_admin):
    with ape.reverts("notice: not announced"):
        engine.set_initial_ltv(weth, 80 * PERCENT + 1, sender=risk_admin)


def test_the_same_needs_no_notice(engine, weth, risk_admin):
    engine.set_initial_ltv(weth, 80 * PERCENT, sender=risk_admin)

    assert engine.rules_of(weth).initial_ltv == 80 * PERCENT


def test_stays_below_the_maintenance_ltv(engine, weth, with_notice, risk_admin):
    with ape.reverts("engine: initial LTV too high"):
        with_notice(engine, "set_initial_ltv", weth, 85 * PERCENT + 1, sender=risk_admin)


def test_stays_below_the_end_of_a_ramp(chain, engine, weth, with_notice, risk_admin):
    engine.set_initial_ltv(weth, 0, sender=risk_admin)
    ends_at = chain.pending_timestamp + 300 * DAY
    engine.ramp_maintenance_ltv(weth, 50 * PERCENT, ends_at, sender=risk_admin)

    with ape.reverts("engine: initial LTV too high"):
        with_notice(engine, "set_initial_ltv", weth, 50 * PERCENT + 1, sender=risk_admin)


def test_is_for_the_risk_admin(engine, weth, guardian):
    with ape.reverts("engine: not the risk admin"):
        engine.set_initial_ltv(weth, 0, sender=guardian)


def test_refuses_a_stranger(engine, make_token, risk_admin):
    with ape.reverts("engine: token not listed"):
        engine.set_initial_ltv(make_token("NEW"), 0, sender=risk_admin)


def test_refuses_a_delisted_token(engine, list_new, with_notice, risk_admin):
    token, _ = list_new("NIL", 1, 0)
    with_notice(engine, "delist_token", token, sender=risk_admin)

    with ape.reverts("engine: token delisted"):
        engine.set_initial_ltv(token, 0, sender=risk_admin)
