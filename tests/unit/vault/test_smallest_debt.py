"""A debt of one unit is a debt: everything that asks for one finds it."""

import ape
import pytest

from tests.steps import DAY, MAX, USDC, WETH, put


@pytest.fixture
def owing(vault, lent, pool, weth, owner, with_notice, risk_admin):
    """The owner's vault with 100 WETH and a scaled debt of one unit, the smallest here."""
    with_notice(pool, "set_debt_limits", 1, pool.max_debt(), sender=risk_admin)
    put(vault, weth, 100 * WETH, owner)
    vault.borrow(1, owner, sender=owner)
    assert vault.scaled_debt() == 1
    return vault


def test_it_needs_margin(owing, weth, owner):
    with ape.reverts("vault: not enough margin"):
        owing.withdraw(weth, MAX, owner, sender=owner)


def test_a_pause_stops_withdrawing(owing, pool, wbtc, owner, outsider, guardian):
    put(owing, wbtc, 1, outsider)
    pool.pause(2, DAY, sender=guardian)

    with ape.reverts("vault: paused"):
        owing.withdraw(wbtc, 1, owner, sender=owner)


def test_it_can_be_repaid(owing, usdc, owner):
    put(owing, usdc, 10, owner)

    owing.repay_from_vault(MAX, sender=owner)

    assert owing.scaled_debt() == 0


def test_it_is_judged(owing, weth, liquidator):
    with ape.reverts("engine: vault is healthy"):
        owing.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)


def test_one_unit_can_be_repaid(actors_vault, lent, usdc, weth, actor, as_actor, outsider):
    usdc.mint(actor, 1, sender=outsider)
    put(actors_vault, weth, 100 * WETH, outsider)

    as_actor(
        (actors_vault.enable_collateral, weth),
        (usdc.approve, actors_vault, MAX),
        (actors_vault.borrow, 2_000 * USDC, actor),
        (actors_vault.repay, 1),
    )

    assert actors_vault.scaled_debt() == 2_000 * USDC - 1
