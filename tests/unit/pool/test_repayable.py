"""`repayable`: how much of an amount a debt can take."""

import ape
import pytest

from tests.steps import DAY, MAX, RAY, USDC, YEAR

DEBT = 3_000 * USDC  # the smallest is 1,000


@pytest.mark.parametrize(
    ("assets", "repayable"),
    [
        (0, 0),
        (1, 1),
        (2_000 * USDC - 1, 2_000 * USDC - 1),
        (2_000 * USDC, 2_000 * USDC),
        (2_000 * USDC + 1, 2_000 * USDC),  # cut, so that the smallest debt is left
        (DEBT - 1, 2_000 * USDC),
        (DEBT, DEBT),
        (DEBT + 1, DEBT),
        (MAX, DEBT),
    ],
)
def test_leaves_all_or_the_smallest_debt(pool, assets, repayable):
    assert pool.repayable(assets, DEBT) == repayable


@pytest.mark.parametrize("debt", [1, 500 * USDC, 1_000 * USDC])
def test_a_debt_at_or_below_the_smallest_goes_whole_or_not_at_all(pool, debt):
    assert pool.repayable(debt - 1, debt) == 0
    assert pool.repayable(debt, debt) == debt


def test_no_debt_takes_nothing(pool):
    assert pool.repayable(MAX, 0) == 0


def test_follows_the_limit(pool, risk_admin):
    pool.announce(pool.set_debt_limits.encode_input(10, 5_000_000 * USDC), sender=risk_admin)
    ape.chain.mine(deltatime=3 * DAY)
    pool.set_debt_limits(10, 5_000_000 * USDC, sender=risk_admin)

    assert pool.repayable(DEBT - 1, DEBT) == DEBT - 10


def test_counts_interest(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    debt, all_of_it, part = twin.run(
        ("debt_of", DEBT), ("repayable", MAX, DEBT), ("repayable", 7_500 * USDC, DEBT)
    )

    # 1 + 1 + 1/2 + 1/6 in the first year, a few seconds more
    assert debt == all_of_it >= 8_000 * USDC
    assert part == debt - 1_000 * USDC


def test_a_part_that_burns_nothing_is_none(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    few, enough = twin.run(("repayable", 2, DEBT), ("repayable", 3, DEBT))

    # a unit of scaled debt is 2.67 units of the asset
    assert (few, enough) == (0, 3)


def test_what_it_says_can_be_repaid(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("accrue",))
    twin.set_rate(0)
    debt = twin.ask("debt_of", 1_000_000 * USDC)

    # a unit less than all of it is cut, so that the smallest debt is left
    assets = twin.ask("repayable", debt - 1, 1_000_000 * USDC)
    _, left = twin.run(("asset.transfer", twin.pool, assets), ("repay", assets, 1_000_000 * USDC))

    assert assets == debt - 1_000 * USDC
    assert 1_000 * USDC <= twin.ask("debt_of", left) <= 1_000 * USDC + 3
