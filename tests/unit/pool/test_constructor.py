"""What a pool is deployed with, and what it refuses."""

import ape
import pytest

from ringfence.deployment import create_address
from tests.steps import DAY, RAY, WAD, ZERO
from tests.unit.pool.bare import TERMS, deploy_pool


@pytest.fixture
def deploy(project, deployer, asset, rates, registry, treasury):
    """Deploy a pool with some terms changed."""
    return lambda **changes: deploy_pool(
        project, deployer, asset, rates, registry, treasury, **changes
    )


def test_tells_whom_it_works_with(pool, fund, asset, rates, registry, treasury):
    assert (pool.asset(), pool.RATE_MODEL()) == (asset, rates)
    assert (pool.FACTORY(), pool.INSURANCE_FUND(), pool.TREASURY()) == (registry, fund, treasury)


def test_tells_its_terms(pool):
    terms = {name: TERMS[name] for name in ("supply_cap", "borrow_cap", "min_debt", "max_debt")}

    assert {name: getattr(pool, name)() for name in terms} == terms
    assert (pool.INSURANCE_SHARE(), pool.TREASURY_SHARE()) == (WAD // 10, WAD // 20)
    assert pool.NOTICE() == 3 * DAY
    assert pool.LOSS_STOP() == WAD // 20


def test_shares_have_six_decimals_more(pool):
    assert (pool.name(), pool.symbol()) == ("Ringfence test USDC", "rfUSDC")
    assert pool.decimals() == 12


def test_starts_empty(pool):
    books = [pool.cash(), pool.total_debt(), pool.totalAssets(), pool.totalSupply()]

    assert books == [0, 0, 0, 0]
    assert pool.debt_index() == RAY
    assert (pool.pause_level(), pool.borrowing_stopped()) == (0, False)


def test_reverts_for_no_factory(project, deployer, asset, rates, treasury, fund):
    with ape.reverts("pool: zero address"):
        deployer.deploy(project.CreditPool, asset, rates, ZERO, fund, treasury, TERMS)


def test_reverts_for_no_fund(project, deployer, asset, rates, registry, treasury):
    with ape.reverts("pool: zero address"):
        deployer.deploy(project.CreditPool, asset, rates, registry, ZERO, treasury, TERMS)


def test_reverts_for_no_treasury(project, deployer, asset, rates, registry, fund):
    with ape.reverts("pool: zero address"):
        deployer.deploy(project.CreditPool, asset, rates, registry, fund, ZERO, TERMS)


def test_reverts_for_reserves_above_half(deploy):
    with ape.reverts("pool: reserves above half"):
        deploy(insurance_share=WAD // 4, treasury_share=WAD // 4 + 1)


def test_reserves_may_take_half(deploy):
    pool = deploy(insurance_share=WAD // 4, treasury_share=WAD // 4)

    assert pool.INSURANCE_SHARE() == pool.TREASURY_SHARE() == WAD // 4


def test_reverts_for_a_loss_stop_above_everything(deploy):
    with ape.reverts("pool: loss stop above 100 %"):
        deploy(loss_stop=WAD + 1)


def test_reverts_for_a_short_notice(deploy):
    with ape.reverts("notice: below 3 days"):
        deploy(notice=3 * DAY - 1)


@pytest.mark.parametrize("limits", [(0, 1), (2, 1)])
def test_reverts_for_limits_out_of_order(deploy, limits):
    with ape.reverts("pool: debt limits out of order"):
        deploy(min_debt=limits[0], max_debt=limits[1])


@pytest.mark.parametrize("name", ["supply_cap", "borrow_cap", "max_debt"])
def test_reverts_above_120_bits(deploy, name):
    with ape.reverts("pool: cap above 120 bits"):
        deploy(**{name: 2**120})


def test_the_fund_stands_where_the_pool_expects_it(pool, fund, deployer):
    receipt = fund.creation_metadata.receipt

    assert pool.INSURANCE_FUND() == create_address(deployer.address, receipt.nonce)
