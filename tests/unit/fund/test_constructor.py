"""A fund belongs to the one pool that names it."""

import ape

from tests.steps import DAY
from tests.unit.pool.bare import deploy_pool


def test_belongs_to_its_pool(pool, fund):
    assert fund.POOL() == pool
    assert pool.INSURANCE_FUND() == fund
    assert fund.NOTICE() == 3 * DAY


def test_reverts_for_a_pool_that_names_another(project, deployer, pool, fund):
    with ape.reverts("fund: foreign pool"):
        deployer.deploy(project.InsuranceFund, pool, 3 * DAY)


def test_reverts_for_a_short_notice(project, deployer, asset, pool, treasury):
    young = deploy_pool(project, deployer, asset, asset, pool.FACTORY(), treasury)

    # a chain that tries the call again for its reason finds the fund at another address
    with ape.reverts():
        deployer.deploy(project.InsuranceFund, young, 3 * DAY - 1)
