"""The market that gas is measured on: one collateral, a credit asset that is the quote currency."""

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

    def __init__(self, project, accounts, chain):
        self.project, self.chain = project, chain
        self.who = {name: accounts[number] for name, number in ACCOUNTS.items()}
        self.pass_to(GENESIS)
        deployer = self.who["deployer"]
        self.usdc = deployer.deploy(project.PlainToken, "Plain USDC", "USDC", 6)
        self.weth = deployer.deploy(project.PlainToken, "Plain WETH", "WETH", 18)
        self.feed = deployer.deploy(project.PlainFeed, int(PRICE * 10**8))
        self.market = deploy_market(project, deployer, self._config())
        self.pool, self.engine = self.market.pool, self.market.engine

    def _config(self):
        """The demo's terms with one collateral token and plain contracts around it."""
        demo = MarketConfig.load(DEMO)
        feed = Feed(PRICE, Decimal(1), Decimal(100_000), DAY + HOUR, 8, self.feed.address)
        weth = next(token for token in demo.tokens if token.symbol == "WETH")
        return replace(
            demo,
            name="gas",
            credit_asset=replace(demo.credit_asset, address=self.usdc.address),
            tokens=(replace(weth, address=self.weth.address, cap=Decimal(10**6), feed=feed),),
        )

    # -- Time ------------------------------------------------------------------------------------

    def pass_to(self, moment):
        self.chain.pending_timestamp = moment
        self.chain.mine()

    def pass_hour(self):
        """An hour in which interest accrues, and the feed says again what it said."""
        self.pass_to(self.chain.blocks.head.timestamp + HOUR)
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
