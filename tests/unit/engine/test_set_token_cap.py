"""The cap of a token: lowered at once, raised after notice."""

import ape
import pytest

from tests.steps import MAX, WBTC, event


@pytest.mark.parametrize("cap", [0, 999 * WBTC, 1_000 * WBTC])
def test_falls_at_once(engine, wbtc, risk_admin, cap):
    engine.set_token_cap(wbtc, cap, sender=risk_admin)

    assert engine.cap_of(wbtc) == cap
    assert engine.rules_of(wbtc).is_capped is True


def test_is_logged(engine, wbtc, risk_admin):
    receipt = engine.set_token_cap(wbtc, 7, sender=risk_admin)

    assert event(receipt, engine.TokenCapChanged) == engine.TokenCapChanged(wbtc, 1_000 * WBTC, 7)


def test_caps_a_token_without_cap_at_once(engine, weth, risk_admin):
    engine.set_token_cap(weth, 7, sender=risk_admin)

    assert engine.cap_of(weth) == 7
    assert engine.rules_of(weth).is_capped is True


@pytest.mark.parametrize(("cap", "is_capped"), [(1_001 * WBTC, True), (MAX, False)])
def test_rises_after_notice(engine, wbtc, with_notice, risk_admin, cap, is_capped):
    with_notice(engine, "set_token_cap", wbtc, cap, sender=risk_admin)

    assert engine.cap_of(wbtc) == cap
    assert engine.rules_of(wbtc).is_capped is is_capped


def test_does_not_rise_without_notice(engine, wbtc, risk_admin):
    with ape.reverts("notice: not announced"):
        engine.set_token_cap(wbtc, 1_000 * WBTC + 1, sender=risk_admin)


def test_is_for_the_risk_admin(engine, wbtc, guardian):
    with ape.reverts("engine: not the risk admin"):
        engine.set_token_cap(wbtc, 0, sender=guardian)


def test_refuses_a_stranger(engine, make_token, risk_admin):
    with ape.reverts("engine: token not listed"):
        engine.set_token_cap(make_token("NEW"), 0, sender=risk_admin)


def test_refuses_a_delisted_token(engine, list_new, with_notice, risk_admin):
    token, _ = list_new("NIL", 1, 0)
    with_notice(engine, "delist_token", token, sender=risk_admin)

    with ape.reverts("engine: token delisted"):
        engine.set_token_cap(token, 0, sender=risk_admin)


def test_fits_in_96_bits_or_is_none(engine, wbtc, with_notice, risk_admin):
    with_notice(engine, "set_token_cap", wbtc, 2**96 - 1, sender=risk_admin)
    assert engine.cap_of(wbtc) == 2**96 - 1

    with ape.reverts("engine: cap above 96 bits"):
        with_notice(engine, "set_token_cap", wbtc, 2**96, sender=risk_admin)
