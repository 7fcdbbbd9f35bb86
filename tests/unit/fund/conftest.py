"""The insurance fund of a bare pool, whose vaults are plain accounts."""

import pytest

from tests.steps import DAY, USDC, give
from tests.unit.pool.bare import deploy_fund, deploy_pool


@pytest.fixture(scope="session")
def asset(project, deployer):
    return deployer.deploy(project.MockToken, "Mock USDC", "USDC", 6)


@pytest.fixture(scope="session")
def vault(accounts):
    return accounts[12]


@pytest.fixture(scope="session")
def pool_and_fund(project, deployer, house, risk_admin, guardian, treasury, vault, asset):
    registry = deployer.deploy(project.MockFactory, house, risk_admin, guardian)
    registry.set_vault_id(vault, 1, sender=deployer)
    rates = deployer.deploy(project.MockRateModel)
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury)
    return pool, deploy_fund(project, deployer, pool)


@pytest.fixture(scope="session")
def pool(pool_and_fund):
    return pool_and_fund[0]


@pytest.fixture(scope="session")
def fund(pool_and_fund):
    return pool_and_fund[1]


@pytest.fixture
def lent(pool, asset, lender):
    """A pool with a million to lend."""
    give(asset, lender, 1_000_000 * USDC, pool)
    pool.deposit(1_000_000 * USDC, lender, sender=lender)


@pytest.fixture
def cash(fund, asset, outsider):
    """The fund holds 5,000; anyone may give."""
    asset.mint(outsider, 5_000 * USDC, sender=outsider)
    asset.transfer(fund, 5_000 * USDC, sender=outsider)


@pytest.fixture
def announced(chain, fund, house):
    """Announce a withdrawal and wait for the notice."""

    def act(*withdrawal):
        fund.announce(fund.withdraw.encode_input(*withdrawal), sender=house)
        chain.mine(deltatime=3 * DAY)

    return act
