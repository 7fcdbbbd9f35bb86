"""The markets that gas is measured on, with one collateral token and plain contracts around.

In the plain market the credit asset is the quote currency and the collateral's feed answers itself;
in the proxied one both tokens have a feed behind a proxy, as Chainlink's have.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from ringfence.config import Feed, MarketConfig
from ringfence.deployment import deploy_market
from tests.steps import DAY, MAX, USDC, WETH

DEMO = Path(__file__).parents[2] / "scripts" / "config" / "demo.toml"
GENESIS = 2_000_000_000  # [unix s] so that the size of numbers is the same in every run
HOUR = 3_600
PRICE = Decimal(200)
UNIT = 10**8  # of a feed's answer
ACCOUNTS = {
    "deployer": 14,  # who deploys nothing else: the addresses are the same in every run
    "treasury": 5,
    "owner": 6,
    "lender": 8,
    "liquidator": 9,
    "newcomer": 10,
}


class Stage:
    """A market with money in it, and accounts that have money and gave their allowances."""

    def __init__(self, project, accounts, chain, is_proxied=False, others=0):
        self.project, self.chain, self.is_proxied = project, chain, is_proxied
        self.who = {name: accounts[number] for name, number in ACCOUNTS.items()}
        self.pass_to(GENESIS)
        deployer = self.who["deployer"]
        self.usdc = deployer.deploy(project.PlainToken, "Plain USDC", "USDC", 6)
        self.weth = deployer.deploy(project.PlainToken, "Plain WETH", "WETH", 18)
        self.feed = deployer.deploy(project.PlainFeed, int(PRICE) * UNIT)
        self.debt_feed = deployer.deploy(project.PlainFeed, UNIT)
        self.others = [
            (
                deployer.deploy(project.PlainToken, f"Plain T{number}", f"T{number}", 18),
                deployer.deploy(project.PlainFeed, int(PRICE) * UNIT),
            )
            for number in range(others)
        ]
        self.market = deploy_market(project, deployer, self._config())
        self.pool, self.engine = self.market.pool, self.market.engine

    def _config(self):
        """The demo's terms with one collateral token and plain contracts around it."""
        demo = MarketConfig.load(DEMO)
        asset = replace(demo.credit_asset, address=self.usdc.address)
        if self.is_proxied:
            asset = replace(asset, is_quote=False, feed=self._feed(self.debt_feed, Decimal(1)))
        weth = next(token for token in demo.tokens if token.symbol == "WETH")
        tokens = [
            replace(
                weth,
                symbol=token.symbol(),
                address=token.address,
                cap=Decimal(10**6),
                feed=self._feed(feed, PRICE),
            )
            for token, feed in ((self.weth, self.feed), *self.others)
        ]
        return replace(demo, name="gas", credit_asset=asset, tokens=tuple(tokens))

    def _feed(self, source, price):
        """The configuration of a feed, in the proxied market behind a proxy."""
        if self.is_proxied:
            source = self.who["deployer"].deploy(self.project.PlainProxyFeed, source)
        return Feed(price, price / 200, price * 500, DAY + HOUR, address=source.address)

    # -- Time ------------------------------------------------------------------------------------

    def pass_to(self, moment):
        self.chain.pending_timestamp = moment
        self.chain.mine()

    def pass_hour(self):
        """An hour in which interest accrues, and the feeds say again what they said."""
        self.pass_to(self.chain.blocks.head.timestamp + HOUR)
        self.debt_feed.set_answer(UNIT, sender=self.who["deployer"])
        self.set_price(self.feed.answer())

    def set_price(self, answer):
        self.feed.set_answer(answer, sender=self.who["deployer"])

    # -- Money -----------------------------------------------------------------------------------

    def fill(self, name, token, amount, spender):
        account = self.who[name]
        token.mint(account, amount, sender=account)
        token.approve(spender, MAX, sender=account)

    def lend(self):
        """Somebody else lends, so that the pool is not empty."""
        self.fill("treasury", self.usdc, 2_000_000 * USDC, self.pool)
        self.pool.deposit(1_000_000 * USDC, self.who["treasury"], sender=self.who["treasury"])

    def vault(self, label, ether=0, debt=0):
        """A vault of the owner, with collateral and debt; allowances are given."""
        owner = self.who["owner"]
        vault = self.market.open_vault(owner, label, sender=owner)
        for name in ("owner", "liquidator"):
            self.fill(name, self.usdc, 1_000_000 * USDC, vault)
        self.fill("owner", self.weth, 1_000 * WETH, vault)
        if ether:
            vault.deposit(self.weth, ether * WETH, sender=owner)
        if debt:
            vault.borrow(debt * USDC, owner, sender=owner)
        return vault
