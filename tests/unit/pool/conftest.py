"""A bare pool: `vault` and `other_vault` are plain accounts, and so are all who act on it."""

import pytest

from tests.steps import DAY, RAY, USDC, YEAR, give
from tests.unit.pool.bare import charge, deploy_fund, deploy_pool
from tests.unit.pool.twin import make_twin


@pytest.fixture(scope="session")
def vault(accounts):
    return accounts[12]


@pytest.fixture(scope="session")
def other_vault(accounts):
    return accounts[13]


# -- Contracts -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def asset(project, deployer):
    return deployer.deploy(project.MockToken, "Mock USDC", "USDC", 6)


@pytest.fixture(scope="session")
def rates(project, deployer):
    return deployer.deploy(project.MockRateModel)


@pytest.fixture(scope="session")
def actor(project, deployer):
    """A contract that can do several things in one transaction; it is a vault as well."""
    return deployer.deploy(project.MockActor)


@pytest.fixture(scope="session")
def registry(project, deployer, house, risk_admin, guardian, vault, other_vault, actor):
    registry = deployer.deploy(project.MockFactory, house, risk_admin, guardian)
    for number, member in enumerate((vault, other_vault, actor), start=1):
        registry.set_vault_id(member, number, sender=deployer)
    return registry


@pytest.fixture(scope="session")
def pool_and_fund(project, deployer, asset, rates, registry, treasury):
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury)
    return pool, deploy_fund(project, deployer, pool)


@pytest.fixture(scope="session")
def pool(pool_and_fund):
    return pool_and_fund[0]


@pytest.fixture(scope="session")
def fund(pool_and_fund):
    return pool_and_fund[1]


# -- What tests do ---------------------------------------------------------------------------------


@pytest.fixture
def supply(pool, asset, lender):
    """Deposit assets of the lender."""

    def act(assets):
        give(asset, lender, assets, pool)
        return pool.deposit(assets, lender, sender=lender)

    return act


@pytest.fixture
def lent(supply):
    """A pool with a million to lend."""
    supply(1_000_000 * USDC)


@pytest.fixture
def pay(pool, asset):
    """Let a vault move assets to the pool, as it does before it books a payment."""

    def act(vault, assets):
        asset.mint(vault, assets, sender=vault)
        asset.transfer(pool, assets, sender=vault)

    return act


@pytest.fixture
def lose(pool):
    """Borrow all of this as a vault, and write all of it off: no interest, so one is one."""

    def act(vault, assets):
        pool.borrow(assets, vault, 0, sender=vault)
        return pool.settle(0, 0, assets, assets, sender=vault)

    return act


@pytest.fixture
def twin(pool, fund, asset, rates, registry, actor, outsider):
    """The pool and its model, side by side, with half of a deposit of two million lent."""
    twin = make_twin(pool, asset, rates, registry, actor, outsider)
    twin.run(
        ("deposit", 2_000_000 * USDC, actor),
        ("borrow", 1_000_000 * USDC, actor, 0),
    )
    return twin


@pytest.fixture
def empty_twin(pool, fund, asset, rates, registry, actor, outsider):
    """The pool and its model, side by side and empty."""
    return make_twin(pool, asset, rates, registry, actor, outsider)


@pytest.fixture
def dear_pool(chain, pool, supply, vault, rates, lender, risk_admin):
    """The pool after it grew ten-million-fold: a share costs several units; time stands still."""
    uncapped = 2**120 - 1, 2**120 - 1
    pool.announce(pool.set_caps.encode_input(*uncapped), sender=risk_admin)
    chain.mine(deltatime=3 * DAY)
    pool.set_caps(*uncapped, sender=risk_admin)
    supply(1_000 * USDC)
    pool.borrow(1_000 * USDC, vault, 0, sender=vault)
    charge(pool, rates, 10 * RAY // YEAR, vault)
    for _ in range(3):
        chain.mine(deltatime=YEAR)
        pool.accrue(sender=lender)
    charge(pool, rates, 0, vault)
    return pool
