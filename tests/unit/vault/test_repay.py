import ape
import pytest

from ringfence.model.fixed_point import RAY, mul_div_down, mul_div_up
from tests.steps import DAY, MAX, USDC, WAD, YEAR, give
from tests.unit.vault.conftest import RETURNS_FALSE, RETURNS_NOTHING, repaid


@pytest.fixture(autouse=True)
def rich(indebted, usdc, owner, outsider):
    """The owner has 100,000 USDC and the 10,000 that he borrowed, a stranger has 100,000."""
    for payer in (owner, outsider):
        give(usdc, payer, 100_000 * USDC, indebted)


# -- A part ----------------------------------------------------------------------------------------


def test_moves_assets_from_the_payer_to_the_pool(indebted, usdc, pool, outsider):
    indebted.repay(4_000 * USDC, sender=outsider)

    assert usdc.balanceOf(outsider) == 96_000 * USDC
    assert usdc.balanceOf(pool) == pool.cash() == 994_000 * USDC
    assert usdc.balanceOf(indebted) == 0


def test_burns_scaled_debt_rounded_down(indebted, outsider, index_in, wait):
    wait(YEAR)
    before = indebted.scaled_debt()

    receipt = indebted.repay(4_000 * USDC, sender=outsider)

    burned = mul_div_down(4_000 * USDC, RAY, index_in(receipt))
    assert indebted.scaled_debt() == before - burned


def test_logs_the_debt_left(indebted, outsider):
    receipt = indebted.repay(4_000 * USDC, sender=outsider)

    assert repaid(receipt, indebted).event_arguments == {
        "payer": outsider.address,
        "assets": 4_000 * USDC,
        "scaled_debt": indebted.scaled_debt(),
    }


def test_leaves_the_mask_alone(indebted, weth, outsider):
    indebted.repay(4_000 * USDC, sender=outsider)

    assert indebted.collaterals() == [weth.address]


def test_is_cut_to_leave_the_smallest_debt(indebted, pool, outsider, index_in):
    before = indebted.scaled_debt()

    receipt = indebted.repay(9_999 * USDC, sender=outsider)

    paid = repaid(receipt, indebted).assets
    index = index_in(receipt)
    debt = mul_div_up(before, index, RAY)
    assert paid == debt - pool.min_debt()
    left = mul_div_up(before - mul_div_down(paid, RAY, index), index, RAY)
    assert left - pool.min_debt() in (0, 1)  # the debtor pays the dust


def test_what_leaves_just_the_smallest_debt_is_not_cut(indebted, outsider):
    receipt = indebted.repay(9_000 * USDC, sender=outsider)

    assert repaid(receipt, indebted).assets == 9_000 * USDC


def test_refuses_to_burn_nothing(indebted, outsider, wait):
    wait(DAY)  # one unit of the asset is now less than one of scaled debt

    with ape.reverts("vault: repay more"):
        indebted.repay(1, sender=outsider)


# -- In full ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("assets", [MAX, 10_001 * USDC])
def test_takes_no_more_than_the_debt(indebted, usdc, outsider, index_in, wait, assets):
    wait(DAY)
    before = indebted.scaled_debt()

    receipt = indebted.repay(assets, sender=outsider)

    debt = mul_div_up(before, index_in(receipt), RAY)
    assert repaid(receipt, indebted).assets == debt
    assert usdc.balanceOf(outsider) == 100_000 * USDC - debt
    assert (indebted.debt(), indebted.scaled_debt()) == (0, 0)


def test_keeps_the_collateral_enabled(indebted, weth, outsider):
    indebted.repay(MAX, sender=outsider)

    assert indebted.collaterals() == [weth.address]


def test_a_debt_below_the_smallest_is_repaid_in_full(
    indebted, pool, outsider, risk_admin, with_notice
):
    limits = 20_000 * USDC, pool.max_debt()
    with_notice(pool, "set_debt_limits", *limits, sender=risk_admin)

    with ape.reverts("vault: repay more"):
        indebted.repay(9_999 * USDC, sender=outsider)
    indebted.repay(MAX, sender=outsider)

    assert indebted.debt() == 0


def test_a_stranger_cannot_spoil_a_full_repayment(indebted, owner, outsider):
    # Whatever a stranger pays before, `max_value` and any amount above the debt repay the rest.
    indebted.repay(2, sender=outsider)
    indebted.repay(9_998 * USDC, sender=outsider)

    indebted.repay(10_000 * USDC, sender=owner)

    assert indebted.debt() == 0


def test_a_stranger_only_gives(indebted, usdc, weth, owner, outsider):
    held = usdc.balanceOf(owner), weth.balanceOf(indebted)

    indebted.repay(MAX, sender=outsider)

    assert (usdc.balanceOf(owner), weth.balanceOf(indebted)) == held


# -- Always open -----------------------------------------------------------------------------------


def test_neither_pause_nor_hold_nor_dead_price_matters(
    indebted, pool, guardian, officer, outsider, chain, kill_price
):
    pool.pause(2, DAY, sender=guardian)
    indebted.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)
    kill_price("WETH")

    indebted.repay(MAX, sender=outsider)

    assert indebted.debt() == 0


def test_the_owner_repays_an_unhealthy_vault(indebted, owner, set_price):
    set_price("WETH", 50)

    indebted.repay(4_000 * USDC, sender=owner)

    assert indebted.debt() < 6_001 * USDC


# -- Refusals --------------------------------------------------------------------------------------


def test_refuses_nothing(indebted, outsider):
    with ape.reverts("vault: zero amount"):
        indebted.repay(0, sender=outsider)


def test_refuses_without_debt(vault, indebted, outsider):
    indebted.repay(MAX, sender=outsider)

    with ape.reverts("vault: no debt"):
        vault.repay(1, sender=outsider)


def test_never_spends_what_others_approved(indebted, usdc, owner, neighbour):
    before = usdc.balanceOf(owner)

    with ape.reverts("token: allowance too low"):
        indebted.repay(4_000 * USDC, sender=neighbour)

    assert usdc.balanceOf(owner) == before


def test_never_spends_what_was_approved_for_another_vault(indebted, other_vault, owner):
    with ape.reverts("vault: no debt"):
        other_vault.repay(4_000 * USDC, sender=owner)


def test_refuses_a_payer_without_money(indebted, usdc, neighbour):
    usdc.approve(indebted, MAX, sender=neighbour)

    with ape.reverts("token: balance too low"):
        indebted.repay(4_000 * USDC, sender=neighbour)


def test_refuses_an_asset_that_returns_false(indebted, usdc, outsider):
    usdc.set_quirks(RETURNS_FALSE, sender=outsider)

    with ape.reverts("vault: transfer failed"):
        indebted.repay(4_000 * USDC, sender=outsider)


def test_takes_an_asset_that_returns_nothing(indebted, usdc, outsider):
    usdc.set_quirks(RETURNS_NOTHING, sender=outsider)

    receipt = indebted.repay(4_000 * USDC, sender=outsider)

    assert repaid(receipt, indebted).assets == 4_000 * USDC


def test_refuses_an_asset_that_arrives_in_part(indebted, usdc, outsider):
    usdc.set_fee(WAD // 100, sender=outsider)

    with ape.reverts("pool: payment missing"):
        indebted.repay(4_000 * USDC, sender=outsider)
