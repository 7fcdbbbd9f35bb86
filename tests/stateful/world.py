"""Two markets that share tokens and feeds, on the chain and in exact integers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from eth_utils import keccak, to_checksum_address

from ringfence.config import CreditAsset, Feed, MarketConfig, Token
from ringfence.deployment import deploy_market
from ringfence.market import Market
from ringfence.model.chain import Chain
from ringfence.model.engine_rules import LiquidationTerms
from ringfence.model.market import Addresses, MarketModel, MarketTerms
from ringfence.model.pool import PoolTerms
from ringfence.model.rates import KinkedRateModel
from ringfence.terms import engine_terms, feed_bounds, pool_terms, rate_arguments, token_arguments
from tests.stateful import mirror
from tests.stateful.contract import Contract, Step
from tests.stateful.driver import driver_of
from tests.steps import DAY, MAX

PARTS = ("pool", "fund", "engine", "oracle", "factory", "lens")
HEARTBEATS = {
    "WETH": 40 * DAY, "WBTC": 40 * DAY, "USDC": 40 * DAY, "DAI": 10 * DAY, "ODD": 25 * 3_600,
    "SPARE": 10 * DAY, "SECOND": 10 * DAY, "THIRD": 10 * DAY,
}  # fmt: skip
TRY_GAS = 200_000  # that a vault gives to a transfer which may fail
FULL = 10**30  # [token] that each holder starts with
ODD = Token(
    "ODD", Decimal("0.70"), Decimal("0.78"), 18, None, None,
    Feed(Decimal(10), Decimal("0.1"), Decimal(1_000), 25 * 3_600),
)  # fmt: skip


@dataclass
class Side:
    """One market: its contracts, its model, and the vaults that were opened in it."""

    name: str
    config: MarketConfig
    contracts: dict[str, Contract]
    model: MarketModel
    asset: Contract
    symbols: tuple[str, ...]  # of the tokens it listed at first
    vaults: list[Contract]
    market: Market

    def __getattr__(self, part):
        return self.__dict__["contracts"][part]


class World:
    """Deploys everything once; each life starts from there."""

    def __init__(self, project, deployer, accounts, config):
        self.project, self.deployer = project, deployer
        self.driver = driver_of(project.provider)
        self.people = [str(it.address) for it in accounts]
        self.claims = {}  # token -> balance that it would lie about
        self.silent = set()  # tokens, and pairs of token and holder, that a log may not tell all of
        self.tokens, self.feeds, self.sides = {}, {}, []
        self.observer = self._deploy("MockObserver")
        self.actor = self._deploy("MockActor")
        self.holders = [*self.people[6:10], self.actor.address]
        self._add_market(first(config))
        self._add_market(second(config, self.tokens, self.feeds))
        self._add_spare()
        mirror.ActorModel(self.chain, self.actor.address)
        self.chain.now = self.now = self.driver.now()
        self._make_thrifty()
        self._open_vaults()
        self._fill()
        self.events = self._events()
        self._start = self._saved()

    @property
    def chain(self):
        """The model's chain, which both markets share."""
        return self.sides[0].model.chain

    # -- Doing -----------------------------------------------------------------------------------

    def take(self, step, elapsed=1):
        """Take a step on the chain and in the model; return the outcome and the model's refusal."""
        self.now += elapsed
        self._note_silence(step)
        outcome = self._send(step)
        self.chain.now = self.now
        return outcome, mirror.refusal_of(self, step)

    def _note_silence(self, step):
        """A rebase logs nothing, and a fee is not logged as taken from who sends."""
        token = step.target.address
        if step.method == "rebase":
            self.silent.add((token, step.args[0]))
        if step.method == "set_fee":
            self.silent.add(token)

    def _send(self, step):
        if step.sender != self.actor.address:
            return self.driver.send(step.sender, step.target.address, step.payload, self.now)
        actions = [(step.target.address, step.payload)]
        if step.reactions:
            planned = [(it.target.address, it.payload) for it in step.reactions]
            prepare = self.actor.payload("set_reactions", planned)
            actions.insert(0, (self.actor.address, prepare))
        payload = self.actor.payload("run", actions)
        return self.driver.send(self.people[13], self.actor.address, payload, self.now)

    def vault_at(self, step):
        """The address that a factory gives to the vault which a step opens."""
        view = "vault_of" if step.method == "open_vault" else "house_vault_of"
        answer = self.driver.call(step.target.address, step.target.payload(view, *step.args))
        return checksummed(answer)

    def register(self, factory, vault):
        """Note a vault that was opened."""
        side = next(it for it in self.sides if it.factory.address == factory.address)
        side.vaults.append(Contract(vault, self.project.Vault.contract_type))

    def side_of(self, contract):
        """The market to which a contract belongs; None for tokens and feeds."""
        for side in self.sides:
            if contract in side.vaults or contract in side.contracts.values():
                return side
        return None

    def must(self, step):
        """Take a step that nothing refuses."""
        outcome, refusal = self.take(step)
        assert outcome.refusal is None, f"{step}: {outcome.refusal}"
        assert refusal is None, f"{step}: {refusal}"

    # -- Lives -----------------------------------------------------------------------------------

    def restart(self):
        """Go back to where each life starts."""
        snapshot, stored, counts, now = self._start
        self.driver.load(snapshot)
        self.chain.load(stored)
        self.claims.clear()
        self.silent.clear()
        for side, count in zip(self.sides, counts, strict=True):
            del side.vaults[count:]
        self.now = self.chain.now = now
        self._start = self._saved()

    def _saved(self):
        counts = [len(side.vaults) for side in self.sides]
        return self.driver.save(), self.chain.save(), counts, self.now

    # -- Building --------------------------------------------------------------------------------

    def _deploy(self, name, *args):
        made = self.deployer.deploy(getattr(self.project, name), *args)
        return Contract(made.address, made.contract_type)

    def _add_market(self, config):
        market = deploy_market(self.project, self.deployer, config)
        for symbol, token in market.tokens.items():
            self.tokens.setdefault(symbol, Contract(token.address, token.contract_type))
        for symbol, feed in market.feeds.items():
            self.feeds.setdefault(symbol, Contract(feed.address, feed.contract_type))
        parts = {name: getattr(market, name) for name in PARTS}
        contracts = {name: Contract(it.address, it.contract_type) for name, it in parts.items()}
        model = self._model(market, config)
        asset = self.tokens[config.credit_asset.symbol]
        symbols = tuple(token.symbol for token in config.tokens)
        side = Side("AB"[len(self.sides)], config, contracts, model, asset, symbols, [], market)
        self.sides.append(side)

    def _model(self, market, config):
        created = self.project.provider.get_block(market.pool.creation_metadata.block).timestamp
        known = self.chain if self.sides else Chain(created)
        known.now = created
        terms = market_terms(config)
        if config.credit_asset.symbol not in self.tokens:
            raise AssertionError("the credit asset is no collateral")
        model = MarketModel(created, terms, addresses_of(market), chain=known)
        model.engine.set_up_until = market.engine.SET_UP_UNTIL()
        for symbol, feed in config.feeds.items():
            self._set_feed(market, model, config, symbol, feed)
        for token in config.tokens:
            at = market.tokens[token.symbol].address
            model.engine.list_token(
                at, *token_arguments(config, token), sender=model.addresses.risk_admin
            )
        return model

    def _set_feed(self, market, model, config, symbol, feed):
        is_asset = symbol == config.credit_asset.symbol
        token = market.asset if is_asset else market.tokens[symbol]
        source = market.feeds[symbol]
        parts, at = model.chain.parts, str(token.address)
        if at not in parts:
            model.add_token(at, token.decimals())
        model.chain.now = source.updated_at()
        if source.address not in parts:
            model.add_feed(str(source.address), feed.decimals, source.answer())
        model.chain.now = market.oracle.feed_of(token).set_at
        model.oracle.set_feed(
            at, str(source.address), feed.heartbeat, *feed_bounds(feed),
            sender=model.addresses.risk_admin,
        )  # fmt: skip

    def _add_spare(self):
        """A token that a market may list later, with its feed, and feeds to replace others."""
        self.tokens["SPARE"] = self._deploy("MockToken", "Spare", "SPARE", 6)
        self.chain.now = self.driver.now()
        self.sides[0].model.add_token(self.tokens["SPARE"].address, 6)
        for symbol, decimals in (("SPARE", 8), ("SECOND", 8), ("THIRD", 18)):
            self.feeds[symbol] = self._deploy("MockFeed", decimals, 5 * 10**decimals)
            self.chain.now = self.driver.now()
            self.sides[0].model.add_feed(self.feeds[symbol].address, decimals, 5 * 10**decimals)

    def _make_thrifty(self):
        """The actor does not react inside of a transfer that is only tried: the model knows of such
        a call that it gets little gas, and not what can be done with it.
        """
        self.now += 1
        thrift = Step("thrift", self.people[10], self.actor, "set_least_gas", (TRY_GAS,))
        assert self._send(thrift).refusal is None

    def _open_vaults(self):
        for side in self.sides:
            for number, owner in enumerate((*self.holders, self.holders[0])):
                label = f"life {number}".encode().ljust(32, b"\0")
                self.must(Step("open", self.people[10], side.factory, "open_vault", (owner, label)))
            house = Step("open", self.people[1], side.factory, "open_house_vault", (bytes(32),))
            self.must(house)

    def _fill(self):
        """Give tokens to all holders and let pools and vaults take them, those to come included."""
        late = [self.vault_at(step) for step in self.openings()]
        for holder in (*self.holders, *self.people[1:2]):
            for token in self.tokens.values():
                self.must(Step("mint", self.people[10], token, "mint", (holder, FULL)))
                takers = [*late, *(it.pool.address for it in self.sides)]
                takers += [vault.address for side in self.sides for vault in side.vaults]
                for taker in takers:
                    self._approve(holder, token, taker)

    def _approve(self, holder, token, taker):
        self.now += 1
        outcome = self._send(Step("approve", holder, token, "approve", (taker, MAX)))
        assert outcome.refusal is None

    def _events(self):
        """Names of the protocol's events by their topics."""
        kinds = [*self.sides[0].contracts.values(), *self.sides[0].vaults[:1]]
        return {
            "0x" + keccak(abi.selector.encode()).hex(): f"{kind.kind}.{abi.name}"
            for kind in kinds
            for abi in kind.type.events
        }

    def openings(self):
        """Vaults that a life may open."""
        return [
            Step("open", self.people[10], side.factory, "open_vault", (owner, bytes([number]) * 32))
            for side in self.sides
            for number, owner in ((1, self.holders[1]), (2, self.holders[4]))
        ]


def first(config):
    """The market of the demo with a token that misbehaves, and keepers who are slower."""
    tokens = tuple(
        replace(it, feed=replace(it.feed, heartbeat=HEARTBEATS[it.symbol])) if it.feed else it
        for it in (*config.tokens, ODD)
    )
    return replace(config, tokens=tokens)


def second(config, tokens, feeds):
    """The other market: it lends a token whose own price moves, against tokens of the first."""

    known = first(config)

    def shared(symbol):
        token = known.token(symbol)
        return replace(
            token, address=tokens[symbol].address,
            feed=replace(token.feed, address=feeds[symbol].address),
        )  # fmt: skip

    dai = shared("DAI")
    usdc = Feed(Decimal(1), Decimal("0.5"), Decimal("1.5"), HEARTBEATS["USDC"])
    asset = CreditAsset("DAI", 18, dai.address, False, dai.feed)
    return replace(
        config,
        name="second",
        credit_asset=asset,
        tokens=(
            replace(dai, address=None, feed=None), shared("WETH"), shared("ODD"),
            replace(config.token("USDC"), decimals=6, address=tokens["USDC"].address, feed=usdc),
        ),
        pool=replace(config.pool, min_debt=Decimal(500), max_debt=Decimal(2_000_000)),
        liquidation=replace(
            config.liquidation, max_bonus=Decimal("0.06"), floor_health=Decimal("0.85")
        ),
    )  # fmt: skip


def addresses_of(market):
    factory = market.factory
    return Addresses(
        asset=str(market.asset.address), factory=str(factory.address),
        pool=str(market.pool.address), fund=str(market.fund.address),
        engine=str(market.engine.address), oracle=str(market.oracle.address),
        owner=str(factory.owner()), risk_admin=str(factory.risk_admin()),
        guardian=str(factory.guardian()), compliance_officer=str(factory.compliance_officer()),
        treasury=str(market.pool.TREASURY()),
    )  # fmt: skip


def market_terms(config):
    pool = {
        key: value for key, value in pool_terms(config).items() if key not in ("name", "symbol")
    }
    return MarketTerms(
        pool=PoolTerms(**pool),
        liquidation=LiquidationTerms(**engine_terms(config.liquidation)),
        rate_model=KinkedRateModel(*rate_arguments(config.rates)),
        asset_decimals=config.credit_asset.decimals,
        is_asset_quote=config.credit_asset.is_quote,
    )


def checksummed(word):
    return to_checksum_address(word[-20:])
