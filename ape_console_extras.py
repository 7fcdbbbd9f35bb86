"""What `ape console` knows of this project, beside what Ape knows.

Nothing is sent by itself, except on a chain that ends with the console: there the demo market is
deployed, and its people have money.
"""

from ape.logging import LogLevel, logger

from ringfence.cli.desk import MANIFESTS, is_dying, load_market
from ringfence.config import MarketConfig
from ringfence.console import namespace
from ringfence.deployment import deploy_market
from scripts.chain import CONFIG, DEPLOYER, fund


def ape_init_extras(project, accounts, networks):
    """Return names for the console; Ape asks when one is missing."""

    provider = networks.provider
    own = {str(it.address) for it in accounts}
    if provider.network.is_local:
        own |= {str(it.address) for it in accounts.test_accounts}

    def find():
        if not (provider.network.is_local and is_dying(provider)):
            return load_market(provider, None, project.path / MANIFESTS)
        deployer = accounts.test_accounts[DEPLOYER]
        market = deploy_market(project, deployer, MarketConfig.load(CONFIG))
        fund(market)
        return market

    with logger.at_level(LogLevel.ERROR):
        return namespace(find, own)
