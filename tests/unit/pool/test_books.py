"""`debt_of`, `total_debt`, `total_scaled_debt`, `debt_index`, `cash`, `borrow_rate`."""

import ape
import pytest

from tests.steps import RAY, USDC, WAD, YEAR, give
from tests.unit.pool.bare import deploy_pool


@pytest.mark.parametrize("scaled", [0, 1, 3, 999_999, 10**12 + 1, 2**100])
def test_a_debt_is_rounded_up(twin, scaled):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    index, debt = twin.run(("debt_index",), ("debt_of", scaled))

    assert (debt - 1) * RAY < scaled * index <= debt * RAY


def test_all_debts_are_rounded_down(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    index, debt, scaled = twin.run(("debt_index",), ("total_debt",), ("total_scaled_debt",))

    assert debt * RAY <= scaled * index < (debt + 1) * RAY


def test_debts_of_vaults_cover_the_total(twin, actor):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    second, _ = twin.ask("borrow", 1_000_000_001, actor, 0)
    ape.chain.mine(deltatime=YEAR)

    first_debt, second_debt, total, scaled = twin.run(
        ("debt_of", 1_000_000 * USDC),
        ("debt_of", second),
        ("total_debt",),
        ("total_scaled_debt",),
    )

    assert scaled == 1_000_000 * USDC + second
    assert total <= first_debt + second_debt <= total + 2


def test_cash_is_what_is_booked(pool, asset, lent, vault, outsider):
    pool.borrow(1_000 * USDC, vault, 0, sender=vault)

    asset.mint(pool, 5 * USDC, sender=outsider)

    assert pool.cash() == 999_000 * USDC


def test_borrow_rate_is_the_models(project, deployer, asset, registry, treasury, lender, vault):
    model = deployer.deploy(project.KinkedRateModel, WAD // 2, 10, 110, 1_110)
    pool = deploy_pool(project, deployer, asset, model, registry, treasury)
    give(asset, lender, 10_000 * USDC, pool)
    pool.deposit(10_000 * USDC, lender, sender=lender)

    rates = [pool.borrow_rate()]
    pool.borrow(5_000 * USDC, vault, 0, sender=vault)
    rates.append(pool.borrow_rate())
    pool.borrow(5_000 * USDC, vault, 5_000 * USDC, sender=vault)
    rates.append(pool.borrow_rate())

    assert rates == [10, 110, 1_110]
