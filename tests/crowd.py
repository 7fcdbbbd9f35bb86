"""As many tokens as an engine lists, at a fraction of what it takes to deploy each."""

from ringfence.deployment import create_address
from tests.steps import MAX, WAD, YEAR

TOKEN = bytes.fromhex("601260005260206000f3")  # return 18
MAKE_TOKEN = bytes([0x69]) + TOKEN + bytes.fromhex("600052600a6016f3")  # return that code


class Crowd:
    """Makes tokens that answer 18 whatever they are asked, and lists several at once."""

    def __init__(self, project, market, deployer, house, risk_admin):
        self.market = market
        self.deployer = deployer
        self.feed = deployer.deploy(project.MockFeed, 8, 10**8)
        self.admin = deployer.deploy(project.MockActor)  # of the engine, and owner of the oracle
        market.factory.set_risk_admin(self.admin, sender=house)
        market.oracle.transfer_ownership(self.admin, sender=risk_admin)
        self._do([(market.oracle, market.oracle.accept_ownership.encode_input())])

    def create(self, count):
        """Create tokens in one transaction."""
        creation = bytes([0x72]) + MAKE_TOKEN + bytes.fromhex("600052")  # keep it in memory
        creation += bytes.fromhex("6013600d6000f050") * count  # and create with it
        creator = create_address(self.deployer.address, self.deployer.nonce)
        ecosystem = self.deployer.provider.network.ecosystem
        self.deployer.call(ecosystem.create_transaction(data=creation))
        return [create_address(creator, nonce) for nonce in range(1, count + 1)]

    def list_tokens(self, tokens):
        """List tokens at a price of one, four in a transaction."""
        for first in range(0, len(tokens), 4):
            self._do([call for it in tokens[first : first + 4] for call in self._listing(it)])

    def _listing(self, token):
        oracle, engine = self.market.oracle, self.market.engine
        yield oracle, oracle.set_feed.encode_input(token, self.feed, YEAR, 1, 10**14)
        yield engine, engine.list_token.encode_input(token, 0, WAD // 2, MAX)

    def _do(self, calls):
        self.admin.run(calls, sender=self.deployer)
