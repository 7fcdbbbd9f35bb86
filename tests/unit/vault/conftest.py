"""What the vault's tests share: actors, more tokens, and the verdicts of the model."""

import pytest

from ringfence.market import instance
from ringfence.model.engine_rules import LiquidationTerms
from ringfence.model.fixed_point import RAY, mul_div_up
from ringfence.model.market import Addresses, MarketModel, MarketTerms
from ringfence.model.oracle import GivenPrices
from ringfence.model.pool import PoolTerms
from ringfence.model.rates import KinkedRateModel
from ringfence.terms import engine_terms, pool_terms, rate_arguments
from tests.steps import MAX, USDC, WAD, events, give, price, put

HEARTBEAT = 25 * 3_600
DAI = 10**18

RETURNS_NOTHING, RETURNS_FALSE, REVERTS = 1, 2, 4
HIDES_BALANCES, BURNS_GAS, LIES_ABOUT_BALANCES = 8, 16, 32


def repaid(receipt, vault):
    """The vault's own event of a repayment; the pool's has the same signature."""
    logs = [log for log in events(receipt, vault.Repaid) if log.contract_address == vault.address]
    (found,) = logs
    return found


# -- Actors ----------------------------------------------------------------------------------------


@pytest.fixture
def actor(project, deployer):
    """A contract that acts, and reacts when it is called back."""
    return deployer.deploy(project.MockActor)


@pytest.fixture
def actors_vault(market, actor, outsider):
    return market.open_vault(actor, "vault", sender=outsider)


@pytest.fixture
def as_actor(actor, outsider):
    """Let the actor make calls in one transaction; each is a method and its arguments."""

    def act(*calls):
        actions = [(method.contract.address, method.encode_input(*args)) for method, *args in calls]
        return actor.run(actions, sender=outsider)

    return act


@pytest.fixture
def react(actor, outsider):
    """Tell the actor what to do when it is called back."""

    def act(*calls):
        actions = [(method.contract.address, method.encode_input(*args)) for method, *args in calls]
        actor.set_reactions(actions, sender=outsider)

    return act


@pytest.fixture
def reactions(actor):
    """Success and response of what the actor did when it was called back, without the run around
    it.
    """

    def act(receipt):
        acted = events(receipt, actor.Acted)
        return [(log.success, bytes(log.response)) for log in acted]

    return act


# -- Tokens ----------------------------------------------------------------------------------------


@pytest.fixture
def list_token(project, deployer, accounts, oracle, engine, risk_admin):
    """List one more token, worth a dollar unless told otherwise."""

    def act(symbol, decimals=18, dollars=1, ltv=80 * 10**16):
        token = deployer.deploy(project.MockToken, symbol, symbol, decimals)
        feed = deployer.deploy(project.MockFeed, 8, dollars * 10**8)
        keeper = accounts[oracle.owner()]
        oracle.set_feed(token, feed, HEARTBEAT, 1, 10**14, sender=keeper)
        engine.list_token(token, ltv, ltv, MAX, sender=risk_admin)
        return token

    return act


@pytest.fixture
def kill_price(market, feed_keeper):
    """Make the price of a token dead: its feed answers a hundredth of a dollar, below its bounds,
    and the token counts at the lower one.
    """
    return lambda symbol: price(market, symbol, 0.01, feed_keeper)


@pytest.fixture
def delist(engine, risk_admin, with_notice):
    """Delist a token that no feed keeper looks after: its price dies during the notice."""
    return lambda token: with_notice(engine, "delist_token", token, sender=risk_admin)


# -- Vaults in trouble -----------------------------------------------------------------------------


@pytest.fixture
def short(indebted, set_price, usdc, liquidator):
    """The indebted vault at 115 a WETH: weight 9,775 for a debt of 10,000, and a liquidator with
    money.
    """
    set_price("WETH", 115)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    return indebted


@pytest.fixture
def two_tokens(indebted, wbtc, owner, usdc, liquidator):
    """The indebted vault with 0.2 WBTC, worth 1,587, as well, and a liquidator with money."""
    put(indebted, wbtc, 2 * 10**7, owner)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    return indebted


@pytest.fixture
def with_cash(indebted, usdc, owner, liquidator):
    """The indebted vault with 2,000 USDC enabled as well, and a liquidator with money."""
    put(indebted, usdc, 2_000 * USDC, owner)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    return indebted


@pytest.fixture
def liquidate(liquidator):
    """Liquidate as a stranger with money: no limits, collateral to the liquidator."""

    def act(vault, token, max_repay=MAX):
        return vault.liquidate(token, max_repay, 0, liquidator, MAX, b"", sender=liquidator)

    return act


# -- The model -------------------------------------------------------------------------------------


@pytest.fixture
def index_in(pool):
    """Debt index at which the pool booked a transaction. [RAY]"""

    def act(receipt):
        logs = events(receipt, pool.InterestAccrued)
        # Two blocks of one second: nothing accrued between them.
        return logs[0].index if logs else pool.debt_index(block_identifier=receipt.block_number)

    return act


@pytest.fixture
def judge(project, chain, market, engine, oracle, config, index_in):
    """What the model will decide of a vault that stands as it does now, once the block of the
    liquidation is known.
    """

    def prepare(vault, token, max_repay=MAX, burnable=MAX):
        model = _model(project, chain, market, engine, oracle, config, vault)
        mask, scaled = vault.collateral_mask(), vault.scaled_debt()

        def decide(receipt):
            debt = mul_div_up(scaled, index_in(receipt), RAY)
            address = getattr(token, "address", token)
            return model.engine.judge(vault.address, mask, debt, address, max_repay, burnable)

        return decide

    return prepare


def _model(project, chain, market, engine, oracle, config, vault):
    """Copy prices, maintenance LTVs and the balances of one vault into a model of the market."""
    terms = pool_terms(config)
    prices = GivenPrices()
    model = MarketModel(
        chain.blocks.head.timestamp,
        MarketTerms(
            pool=PoolTerms(**{key: terms[key] for key in PoolTerms.__dataclass_fields__}),
            liquidation=LiquidationTerms(**engine_terms(config.liquidation)),
            rate_model=KinkedRateModel(*rate_arguments(config.rates)),
            asset_decimals=config.credit_asset.decimals,
        ),
        Addresses(asset=market.asset.address),
        prices,
    )
    for index in range(engine.token_count()):
        address = engine.token_at(index)
        token = model.chain.parts.get(address)
        token = token or model.add_token(address, engine.rules_of(address).decimals)
        prices.give(address, WAD)
        ltv = engine.maintenance_ltv(address)
        model.engine.list_token(address, 0, ltv, MAX, sender=model.addresses.risk_admin)
        token.mint(vault.address, instance(project, "MockToken", address).balanceOf(vault))
        prices.give(address, *oracle.price_of(address))
    return model
