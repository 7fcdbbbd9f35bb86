"""What the factory's tests share."""

import pytest

from ringfence.deployment import create_address
from ringfence.terms import engine_terms, pool_terms

LABEL = b"grid".ljust(32, b"\0")


@pytest.fixture
def made_for(project, deployer, market, config):
    """Deploy vault code for the factory at an address, which the deployer will create next if it
    is not given.
    """

    def act(factory=None):
        factory = factory or create_address(deployer.address, deployer.nonce + 3)
        pool = deployer.deploy(
            project.CreditPool,
            market.asset,
            market.rate_model,
            factory,
            market.fund,
            deployer,
            pool_terms(config),
        )
        terms = engine_terms(config.liquidation)
        engine = deployer.deploy(project.MarginEngine, market.oracle, pool, config.notice, terms)
        return deployer.deploy(project.Vault, engine)

    return act
