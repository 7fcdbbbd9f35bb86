"""Roles, and one deployed market that every test starts from."""

from pathlib import Path

import pytest

from ringfence.config import MarketConfig
from ringfence.deployment import deploy_market
from tests import chain_shims, steps
from tests.steps import USDC

CONFIG = Path(__file__).parent.parent / "scripts" / "config" / "demo.toml"

chain_shims.install()


def pytest_sessionstart(session):
    from ape import project

    chain_shims.rebuild_if_sources_changed(project)


# -- Time and isolation ----------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def steady_clock(chain):
    """One second a block, so that what interest does between two of them is known."""
    chain_shims.steady_clock(chain)


@pytest.fixture(autouse=True)
def undone(chain):
    """What a test does to the chain is undone after it; what lasts for the session is not."""
    with chain_shims.undone(chain):
        yield


@pytest.fixture(scope="module")
def undone_module(chain, vault, other_vault):
    """What fixtures of this module do to the chain is undone after its last test."""
    with chain_shims.undone(chain):
        yield


# -- Roles: the first six as the configuration names them ------------------------------------------


@pytest.fixture(scope="session")
def deployer(accounts):
    return accounts[0]


@pytest.fixture(scope="session")
def house(accounts):
    """The platform: owner of the factory."""
    return accounts[1]


@pytest.fixture(scope="session")
def risk_admin(accounts):
    return accounts[2]


@pytest.fixture(scope="session")
def guardian(accounts):
    return accounts[3]


@pytest.fixture(scope="session")
def officer(accounts):
    return accounts[4]


@pytest.fixture(scope="session")
def treasury(accounts):
    return accounts[5]


@pytest.fixture(scope="session")
def owner(accounts):
    return accounts[6]


@pytest.fixture(scope="session")
def neighbour(accounts):
    """Owner of another vault."""
    return accounts[7]


@pytest.fixture(scope="session")
def lender(accounts):
    return accounts[8]


@pytest.fixture(scope="session")
def liquidator(accounts):
    return accounts[9]


@pytest.fixture(scope="session")
def outsider(accounts):
    return accounts[10]


@pytest.fixture(scope="session")
def feed_keeper(accounts):
    """Whoever moves the mock feeds; anyone may."""
    return accounts[11]


# -- The market ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def config():
    return MarketConfig.load(CONFIG)


@pytest.fixture(scope="session")
def market(project, deployer, config):
    return deploy_market(project, deployer, config)


@pytest.fixture(scope="session")
def pool(market):
    return market.pool


@pytest.fixture(scope="session")
def engine(market):
    return market.engine


@pytest.fixture(scope="session")
def oracle(market):
    return market.oracle


@pytest.fixture(scope="session")
def factory(market):
    return market.factory


@pytest.fixture(scope="session")
def fund(market):
    return market.fund


@pytest.fixture(scope="session")
def lens(market):
    return market.lens


@pytest.fixture(scope="session")
def usdc(market):
    return market.asset


@pytest.fixture(scope="session")
def weth(market):
    return market.tokens["WETH"]


@pytest.fixture(scope="session")
def wbtc(market):
    return market.tokens["WBTC"]


@pytest.fixture(scope="session")
def dai(market):
    return market.tokens["DAI"]


@pytest.fixture(scope="session")
def vault(market, owner, outsider):
    return market.open_vault(owner, "vault", sender=outsider)


@pytest.fixture(scope="session")
def other_vault(market, neighbour, outsider):
    return market.open_vault(neighbour, "other", sender=outsider)


# -- What tests do ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def set_price(market, feed_keeper):
    """Set the price of a token in dollars, updated now."""
    return lambda symbol, dollars: steps.price(market, symbol, dollars, feed_keeper)


@pytest.fixture(scope="session")
def wait(chain, market, feed_keeper):
    """Let time pass while the feeds stay alive."""

    def act(seconds):
        chain.mine(deltatime=seconds)
        steps.refresh(market, feed_keeper)

    return act


@pytest.fixture(scope="session")
def with_notice(wait):
    """Announce a call, wait for the notice to pass, make the call."""

    def act(contract, method, *args, sender):
        contract.announce(getattr(contract, method).encode_input(*args), sender=sender)
        wait(3 * steps.DAY + 1)
        return getattr(contract, method)(*args, sender=sender)

    return act


@pytest.fixture
def lent(market, lender):
    """A pool with a million to lend."""
    steps.lend(market, lender, 1_000_000 * USDC)


@pytest.fixture
def indebted(lent, vault, owner, weth):
    """The vault of the owner with 100 WETH, worth 19,384, and a debt of 10,000."""
    steps.put(vault, weth, 100 * steps.WETH, owner)
    vault.borrow(10_000 * USDC, owner, sender=owner)
    return vault
