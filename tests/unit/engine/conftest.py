"""Tokens of any kind, moments, and the engine's rules as it was deployed with them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ringfence.config import Feed
from ringfence.deployment import deploy_market
from tests.steps import DAY, MAX, WAD, give
from tests.unit.engine.answers import ask

PERCENT = WAD // 100
TERMS = ("min_bonus", "max_bonus", "floor_health", "target_health", "insurance_share", "dust_value")


@pytest.fixture
def at(chain):
    """Let the next transaction happen at this moment."""

    def act(moment):
        chain.pending_timestamp = moment

    return act


@pytest.fixture
def make_token(project, deployer):
    return lambda symbol, decimals=18: deployer.deploy(
        project.MockToken, f"Mock {symbol}", symbol, decimals
    )


@pytest.fixture
def make_feed(project, feed_keeper):
    """A feed with eight decimals that says this price."""
    return lambda dollars: feed_keeper.deploy(project.MockFeed, 8, round(dollars * 10**8))


@pytest.fixture
def give_feed(market, oracle, make_feed, risk_admin):
    """Give a token its first feed, believed from 0.01 to 1,000,000; tests set it by its symbol."""

    def act(token, dollars):
        feed = make_feed(dollars)
        oracle.set_feed(token, feed, DAY, 10**6, 10**14, sender=risk_admin)
        return feed

    return act


@pytest.fixture
def list_new(engine, make_token, give_feed, risk_admin):
    """List a new token with a maintenance LTV in percent; the initial LTV is 5 less."""

    def act(symbol, dollars, ltv, decimals=18, cap=MAX):
        token = make_token(symbol, decimals)
        feed = give_feed(token, dollars)
        initial = max(ltv - 5, 0) * PERCENT
        engine.list_token(token, initial, ltv * PERCENT, cap, sender=risk_admin)
        return token, feed

    return act


@pytest.fixture
def terms(engine):
    """Change the terms in force in some of their numbers."""

    def act(**changes):
        now = dict(zip(TERMS, engine.liquidation_terms(), strict=True))
        return tuple((now | changes).values())

    return act


@pytest.fixture
def funded(usdc, liquidator, indebted):
    """A liquidator who can pay for the vault in debt."""
    give(usdc, liquidator, 1_000_000 * 10**6, indebted)
    return liquidator


# -- An account that holds collateral and owes what a test says ------------------------------------


@pytest.fixture
def holder(neighbour):
    """Judged as if it were a vault: balances are all that the engine reads of one in the middle of
    its own transaction.
    """
    return neighbour


@pytest.fixture
def hold(market, holder, deployer):
    """Let the account hold exactly these amounts, by symbol. [token]"""

    def act(**amounts):
        for symbol, amount in amounts.items():
            market.tokens[symbol].rebase(holder, amount, sender=deployer)

    return act


@pytest.fixture
def judge(engine, holder):
    """The verdict on the account with this debt and every token of the market enabled."""

    def ask(debt, token, max_repay=MAX, mask=15, burnable=MAX):
        return engine.judge(holder, mask, debt, token, max_repay, burnable)

    return ask


# -- Several things in one transaction -------------------------------------------------------------


@pytest.fixture
def actor(project, deployer):
    """A contract that anybody can make do several things in one transaction."""
    return deployer.deploy(project.MockActor)


@pytest.fixture
def told(chain, actor, deployer):
    """The answers to questions, pairs of a view and its arguments, in one block."""
    ecosystem = chain.provider.network.ecosystem
    return lambda *questions: ask(ecosystem, actor, deployer, *questions)


@pytest.fixture
def foreign_market(project, deployer, config):
    """A market whose credit asset is not the quote currency: its price is 1.10 by a feed."""
    feed = Feed(Decimal("1.1"), Decimal("0.5"), Decimal("2"), 90_000)
    asset = replace(config.credit_asset, is_quote=False, feed=feed)
    tokens = tuple(token for token in config.tokens if token.symbol == "WETH")
    changed = replace(config, name="foreign", credit_asset=asset, tokens=tokens)
    return deploy_market(project, deployer, changed)
