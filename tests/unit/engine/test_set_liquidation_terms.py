"""Bonus, healths and dust of liquidations change after notice."""

import ape
import pytest

from tests.steps import WAD, event
from tests.unit.engine.conftest import PERCENT


@pytest.fixture
def change(engine, terms, with_notice, risk_admin):
    """Change some of the terms after notice."""
    return lambda **changes: with_notice(
        engine, "set_liquidation_terms", terms(**changes), sender=risk_admin
    )


def test_are_as_deployed(engine):
    assert tuple(engine.liquidation_terms()) == (
        PERCENT,
        5 * PERCENT,
        90 * PERCENT,
        105 * PERCENT,
        20 * PERCENT,
        10 * WAD,
    )


def test_change_after_notice(engine, terms, with_notice, risk_admin):
    new = (2 * PERCENT, 6 * PERCENT, 80 * PERCENT, 110 * PERCENT, 0, 7)

    with_notice(engine, "set_liquidation_terms", new, sender=risk_admin)

    assert tuple(engine.liquidation_terms()) == new


def test_are_logged(engine, change, terms):
    receipt = change(dust_value=7)

    log = event(receipt, engine.LiquidationTermsChanged)
    assert log == engine.LiquidationTermsChanged(*terms(dust_value=7))


def test_keep_the_largest_numbers_apart(engine, change):
    changes = {
        "min_bonus": 645 * WAD // 10_000,
        "max_bonus": 645 * WAD // 10_000,
        "floor_health": WAD - 1,
        "target_health": 125 * PERCENT,
        "insurance_share": WAD - 1,
        "dust_value": 2**128 - 1,
    }

    change(**changes)

    assert tuple(engine.liquidation_terms()) == tuple(changes.values())


def test_keep_the_smallest_numbers_apart(engine, change):
    changes = {
        "min_bonus": 1,
        "max_bonus": 1,
        "floor_health": 0,
        "target_health": WAD + 1,
        "insurance_share": 0,
        "dust_value": 1,
    }

    change(**changes)

    assert tuple(engine.liquidation_terms()) == tuple(changes.values())


def test_need_notice(engine, terms, risk_admin):
    with ape.reverts("notice: not announced"):
        engine.set_liquidation_terms(terms(dust_value=7), sender=risk_admin)


def test_need_notice_of_these_very_terms(engine, terms, wait, risk_admin):
    call = engine.set_liquidation_terms.encode_input(terms(dust_value=7))
    engine.announce(call, sender=risk_admin)
    wait(3 * 86_400 + 1)

    with ape.reverts("notice: not announced"):
        engine.set_liquidation_terms(terms(dust_value=8), sender=risk_admin)


def test_are_for_the_risk_admin(engine, terms, house):
    with ape.reverts("engine: not the risk admin"):
        engine.set_liquidation_terms(terms(), sender=house)


# -- The bonus and the LTV of every token ----------------------------------------------------------


def test_leave_room_for_the_bonus_at_the_largest_ltv(engine, change):
    # USDC has 93 %: (1 + x) * 0.93 <= 0.99 up to x = 0.064516129032258064.
    change(max_bonus=64_516_129_032_258_064)

    assert engine.liquidation_terms().max_bonus == 64_516_129_032_258_064


def test_refuse_a_bonus_too_large_for_the_largest_ltv(change):
    with ape.reverts("engine: bonus too large for LTV"):
        change(max_bonus=64_516_129_032_258_065)


def test_refuse_a_bonus_too_large_for_the_last_token(list_new, change):
    list_new("NEW", 1, 94)

    with ape.reverts("engine: bonus too large for LTV"):
        change(max_bonus=6 * PERCENT)


# -- Numbers that cannot be meant ------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"min_bonus": 0},
        {"min_bonus": 5 * PERCENT + 1},
    ],
)
def test_refuse_a_bonus_out_of_order(change, changes):
    with ape.reverts("engine: bonus out of order"):
        change(**changes)


def test_refuse_a_floor_health_of_1(change):
    with ape.reverts("engine: floor health above 1"):
        change(floor_health=WAD)


def test_refuse_a_target_health_of_1(change):
    with ape.reverts("engine: target health too low"):
        change(target_health=WAD)


def test_refuse_a_target_health_above_125_percent(change):
    with ape.reverts("engine: target health too high"):
        change(target_health=125 * PERCENT + 1)


def test_refuse_an_insurance_share_of_all(change):
    with ape.reverts("engine: insurance takes all"):
        change(insurance_share=WAD)


@pytest.mark.parametrize("dust", [0, 2**128])
def test_refuse_dust_out_of_range(change, dust):
    with ape.reverts("engine: dust out of range"):
        change(dust_value=dust)


# -- At deployment ---------------------------------------------------------------------------------


@pytest.fixture
def deploy(project, deployer, oracle, pool, terms):
    """Deploy another engine with some of the terms changed."""
    return lambda notice=259_200, **changes: deployer.deploy(
        project.MarginEngine, oracle, pool, notice, terms(**changes)
    )


def test_deploy_takes_the_market_from_the_pool(deploy, market):
    engine = deploy()

    assert (engine.POOL(), engine.FACTORY()) == (market.pool, market.factory)
    assert (engine.ORACLE(), engine.ASSET()) == (market.oracle, market.asset)
    assert engine.NOTICE() == 259_200
    assert engine.token_count() == 0


def test_deploy_begins_the_setting_up(deploy):
    engine = deploy(notice=300_000)

    created_at = engine.creation_metadata.receipt.timestamp
    assert engine.SET_UP_UNTIL() == created_at + 300_000


def test_deploy_sets_the_terms(deploy, terms):
    assert tuple(deploy(dust_value=7).liquidation_terms()) == terms(dust_value=7)


def test_deploy_refuses_a_bonus_of_all(deploy):
    with ape.reverts("engine: bonus out of order"):
        deploy(max_bonus=WAD)


def test_deploy_refuses_terms_that_cannot_be_meant(deploy):
    with ape.reverts("engine: target health too low"):
        deploy(target_health=WAD)


def test_deploy_refuses_a_short_notice(deploy):
    with ape.reverts("notice: below 3 days"):
        deploy(notice=259_199)
