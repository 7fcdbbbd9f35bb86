import ape
import pytest

from ringfence.model.fixed_point import RAY, mul_div_down, mul_div_up
from tests.steps import DAY, MAX, USDC, event, events, put
from tests.unit.vault.conftest import RETURNS_FALSE, repaid


@pytest.fixture
def stocked(indebted, usdc, owner):
    """The indebted vault with 4,000 USDC enabled."""
    put(indebted, usdc, 4_000 * USDC, owner)
    return indebted


def test_moves_assets_from_the_vault_to_the_pool(stocked, usdc, pool, owner):
    held = usdc.balanceOf(owner)

    stocked.repay_from_vault(3_000 * USDC, sender=owner)

    assert usdc.balanceOf(stocked) == 1_000 * USDC
    assert usdc.balanceOf(pool) == pool.cash() == 993_000 * USDC
    assert usdc.balanceOf(owner) == held


def test_burns_scaled_debt_rounded_down(stocked, owner, index_in):
    receipt = stocked.repay_from_vault(3_000 * USDC, sender=owner)

    burned = mul_div_down(3_000 * USDC, RAY, index_in(receipt))
    assert stocked.scaled_debt() == 10_000 * USDC - burned


def test_logs_the_debt_left(stocked, owner):
    receipt = stocked.repay_from_vault(3_000 * USDC, sender=owner)

    assert repaid(receipt, stocked).event_arguments == {
        "payer": stocked.address,
        "assets": 3_000 * USDC,
        "scaled_debt": stocked.scaled_debt(),
    }


def test_keeps_the_bit_while_something_is_left(stocked, usdc, weth, owner):
    receipt = stocked.repay_from_vault(4_000 * USDC - 1, sender=owner)

    assert not events(receipt, stocked.CollateralDisabled)
    assert set(stocked.collaterals()) == {usdc.address, weth.address}


def test_the_maximum_means_all_there_is(stocked, usdc, weth, owner):
    receipt = stocked.repay_from_vault(MAX, sender=owner)

    assert repaid(receipt, stocked).assets == 4_000 * USDC
    assert event(receipt, stocked.CollateralDisabled).token == usdc.address
    assert stocked.collaterals() == [weth.address]


def test_the_maximum_means_no_more_than_the_debt(stocked, usdc, owner, index_in):
    put(stocked, usdc, 8_000 * USDC, owner)

    receipt = stocked.repay_from_vault(MAX, sender=owner)

    debt = mul_div_up(10_000 * USDC, index_in(receipt), RAY)
    assert repaid(receipt, stocked).assets == debt
    assert usdc.balanceOf(stocked) == 12_000 * USDC - debt
    assert stocked.debt() == 0


def test_more_than_the_debt_repays_the_debt(stocked, usdc, owner):
    put(stocked, usdc, 8_000 * USDC, owner)

    stocked.repay_from_vault(12_000 * USDC, sender=owner)

    assert stocked.debt() == 0


def test_spends_money_that_is_not_enabled(indebted, usdc, weth, owner, outsider):
    put(indebted, usdc, 4_000 * USDC, outsider)

    receipt = indebted.repay_from_vault(MAX, sender=owner)

    assert repaid(receipt, indebted).assets == 4_000 * USDC
    assert indebted.collaterals() == [weth.address]


def test_is_cut_to_leave_the_smallest_debt(stocked, usdc, pool, owner, index_in):
    put(stocked, usdc, 5_500 * USDC, owner)

    receipt = stocked.repay_from_vault(MAX, sender=owner)

    # 9,500 would leave 500.
    debt = mul_div_up(10_000 * USDC, index_in(receipt), RAY)
    assert repaid(receipt, stocked).assets == debt - pool.min_debt()


def test_can_not_lower_available_funds(engine, stocked, owner):
    before = engine.margin_of(stocked).available_funds

    stocked.repay_from_vault(MAX, sender=owner)

    # Debt falls by 4,000, what carries it by 3,600; interest of the time is below 1.
    assert engine.margin_of(stocked).available_funds - before > 399 * 10**18


def test_works_in_an_unhealthy_vault(stocked, owner, set_price):
    set_price("WETH", 50)

    stocked.repay_from_vault(MAX, sender=owner)

    assert stocked.debt() < 6_001 * USDC


def test_neither_pause_nor_hold_nor_dead_price_matters(
    stocked, pool, guardian, officer, owner, chain, kill_price
):
    pool.pause(2, DAY, sender=guardian)
    stocked.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)
    kill_price("WETH")

    receipt = stocked.repay_from_vault(MAX, sender=owner)

    assert repaid(receipt, stocked).assets == 4_000 * USDC


def test_refuses_more_than_there_is(stocked, owner):
    with ape.reverts("vault: balance too low"):
        stocked.repay_from_vault(4_000 * USDC + 1, sender=owner)


def test_refuses_nothing(indebted, owner):
    for assets in (0, MAX):
        with ape.reverts("vault: zero amount"):
            indebted.repay_from_vault(assets, sender=owner)


def test_refuses_without_debt(vault, usdc, owner):
    put(vault, usdc, 4_000 * USDC, owner)

    with ape.reverts("vault: no debt"):
        vault.repay_from_vault(MAX, sender=owner)


def test_refuses_a_part_of_a_debt_below_the_smallest(stocked, pool, owner, risk_admin, with_notice):
    limits = 20_000 * USDC, pool.max_debt()
    with_notice(pool, "set_debt_limits", *limits, sender=risk_admin)

    with ape.reverts("vault: repay more"):
        stocked.repay_from_vault(MAX, sender=owner)


def test_refuses_an_asset_that_returns_false(stocked, usdc, owner):
    usdc.set_quirks(RETURNS_FALSE, sender=owner)

    with ape.reverts("vault: transfer failed"):
        stocked.repay_from_vault(MAX, sender=owner)


def test_refuses_everybody_else(stocked, house, risk_admin, officer, outsider):
    for stranger in (house, risk_admin, officer, outsider):
        with ape.reverts("vault: not the owner"):
            stocked.repay_from_vault(MAX, sender=stranger)
