"""Maintenance LTV rises after notice."""

import ape
import pytest

from tests.steps import DAY, event
from tests.unit.engine.conftest import PERCENT


@pytest.fixture
def lift(engine, weth, with_notice, risk_admin):
    return lambda ltv: with_notice(engine, "raise_maintenance_ltv", weth, ltv, sender=risk_admin)


def test_rises_after_notice(engine, weth, lift):
    lift(90 * PERCENT)

    assert engine.maintenance_ltv(weth) == 90 * PERCENT
    assert engine.rules_of(weth).initial_ltv == 80 * PERCENT


def test_is_logged(engine, weth, lift):
    receipt = lift(90 * PERCENT)

    log = event(receipt, engine.MaintenanceLtvChanged)
    now = receipt.timestamp
    assert log == engine.MaintenanceLtvChanged(weth, 85 * PERCENT, 90 * PERCENT, now)


def test_ends_a_ramp(chain, engine, weth, lift, risk_admin, wait):
    engine.set_initial_ltv(weth, 0, sender=risk_admin)
    ends_at = chain.pending_timestamp + 300 * DAY
    engine.ramp_maintenance_ltv(weth, 0, ends_at, sender=risk_admin)

    lift(86 * PERCENT)
    wait(300 * DAY)

    rules = engine.rules_of(weth)
    assert rules.start_ltv == rules.target_ltv == engine.maintenance_ltv(weth) == 86 * PERCENT


def test_needs_notice(engine, weth, risk_admin):
    with ape.reverts("notice: not announced"):
        engine.raise_maintenance_ltv(weth, 90 * PERCENT, sender=risk_admin)


@pytest.mark.parametrize("ltv", [85 * PERCENT, 85 * PERCENT - 1, 0])
def test_refuses_what_is_no_rise(lift, ltv):
    with ape.reverts("engine: not a rise"):
        lift(ltv)


def test_rises_as_far_as_the_bonus_leaves_room(engine, weth, lift):
    lift(942_857_142_857_142_857)

    assert engine.maintenance_ltv(weth) == 942_857_142_857_142_857


def test_leaves_room_for_the_bonus(lift):
    with ape.reverts("engine: bonus too large for LTV"):
        lift(942_857_142_857_142_858)


def test_is_for_the_risk_admin(engine, weth, house):
    with ape.reverts("engine: not the risk admin"):
        engine.raise_maintenance_ltv(weth, 90 * PERCENT, sender=house)


def test_refuses_a_stranger(engine, make_token, risk_admin):
    with ape.reverts("engine: token not listed"):
        engine.raise_maintenance_ltv(make_token("NEW"), PERCENT, sender=risk_admin)


def test_refuses_a_delisted_token(engine, list_new, with_notice, risk_admin):
    token, _ = list_new("NIL", 1, 0)
    with_notice(engine, "delist_token", token, sender=risk_admin)

    with ape.reverts("engine: token delisted"):
        engine.raise_maintenance_ltv(token, PERCENT, sender=risk_admin)
