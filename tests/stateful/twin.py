"""A market on the chain and the same market in exact integers, living the same life."""

from dataclasses import astuple

from ape.exceptions import ContractLogicError

from ringfence.market import label_bytes
from ringfence.model.engine_rules import LiquidationTerms
from ringfence.model.market import Addresses, MarketModel, MarketTerms
from ringfence.model.pool import PoolTerms
from ringfence.model.rates import KinkedRateModel
from ringfence.model.refusal import Refused
from ringfence.terms import engine_terms, feed_bounds, pool_terms, rate_arguments, token_arguments
from tests.steps import MAX

WORD = 32


class Twin:
    """Does each thing twice, and finds both the same."""

    def __init__(self, chain, market, config, accounts, observer):
        self.chain, self.market, self.accounts, self.observer = chain, market, accounts, observer
        created = market.pool.creation_metadata.block
        self.model = MarketModel(
            chain.blocks[created].timestamp, market_terms(config), addresses_of(market)
        )
        self.owners = {}  # vault -> account
        self.contracts = {}  # vault -> contract
        self.refusals = {}  # reason -> how often
        self._seen = None  # what is looked at, and what the model says to it
        self._list(config)

    def _list(self, config):
        at = self.model.addresses
        for token in config.tokens:
            contract = self.market.tokens[token.symbol]
            if contract.address != at.asset:
                self.model.add_token(contract.address, config.decimals_of(token))
            if token.feed:
                feed = self.market.feeds[token.symbol]
                self.model.add_feed(feed.address, token.feed.decimals, feed.answer())
                self.model.oracle.set_feed(
                    contract.address,
                    feed.address,
                    token.feed.heartbeat,
                    *feed_bounds(token.feed),
                    sender=at.risk_admin,
                )
            self.model.engine.list_token(
                contract.address, *token_arguments(config, token), sender=at.risk_admin
            )

    # -- Doing -----------------------------------------------------------------------------------

    def do(self, target, method, *args, sender, elapsed=1):
        """Call a method on the chain and in the model; both agree, also in what they refuse."""
        moment = self.chain.pending_timestamp + elapsed
        self.chain.pending_timestamp = moment
        refusal, receipt = None, None
        try:
            receipt = getattr(target, method)(*args, sender=sender)
            moment = receipt.timestamp
        except ContractLogicError as error:
            refusal = error.revert_message
        self.model.now = moment
        assert refusal == self._refusal_of_model(target.address, method, args, sender), method
        self.refusals[refusal] = self.refusals.get(refusal, 0) + 1
        return receipt

    def _refusal_of_model(self, target, method, args, sender):
        part = self.model.chain.parts[target]
        known = [
            str(getattr(arg, "address", arg)) if hasattr(arg, "address") else arg for arg in args
        ]
        if method == "liquidate":
            known = known[:-1]  # no callback
        named = {} if method in UNSIGNED else {"sender": sender.address}
        try:
            getattr(part, method)(*known, **named)
        except Refused as refused:
            return refused.reason
        return None

    def open_vault(self, owner, name):
        contract = self.market.open_vault(owner, name, sender=owner)
        self.model.now = self.chain.blocks.head.timestamp
        self.model.open_vault(owner.address, label_bytes(name), contract.address)
        self.owners[contract.address] = owner
        self.contracts[contract.address] = contract
        return contract

    def fill(self, token, holder, spenders, amount):
        """Give tokens to an account and let contracts take them, on both sides."""
        token.mint(holder, amount, sender=holder)
        self.model.chain.parts[token.address].mint(holder.address, amount)
        for spender in spenders:
            token.approve(spender, MAX, sender=holder)

    def margin_of(self, vault):
        """What the model says of a vault now; None while the credit asset has no price."""
        try:
            return self.model.engine.margin_of(vault)
        except Refused:
            return None

    # -- Comparing -------------------------------------------------------------------------------

    def compare(self, holders):
        """Every balance, debt, index, share and margin is the same on both sides."""
        looks, expected = self._seen = self._seen or self._looks(holders)
        moment, answers = self.observer.observe([look[:2] for look in looks])
        self.model.now = moment
        for look, answer, expect in zip(looks, answers, expected, strict=True):
            words = [
                int.from_bytes(answer[i : i + WORD], "big") for i in range(0, len(answer), WORD)
            ]
            assert words == [int(value) % 2**256 for value in expect()], look[2]

    def _looks(self, holders):
        pool, model = self.market.pool, self.model
        looks, expected = [], []

        def look(contract, method, *args, is_equal):
            call = getattr(contract, method).encode_input(*args)
            looks.append((contract.address, call, f"{contract.contract_type.name}.{method}{args}"))
            expected.append(is_equal)

        for method in POOL_NUMBERS:
            look(pool, method, is_equal=lambda m=method: [told(model.pool, m)])
        tokens = self.market.tokens.values()
        places = [*self.contracts.values(), pool, self.market.fund, *holders]
        for place in places:
            look(
                pool, "balanceOf", place, is_equal=lambda p=place: [model.pool.balanceOf(p.address)]
            )
            for token in tokens:
                twin = model.chain.parts[token.address]
                look(
                    token, "balanceOf", place,
                    is_equal=lambda t=twin, p=place: [t.balanceOf(p.address)],
                )  # fmt: skip
        for address, contract in self.contracts.items():
            vault = model.vaults[address]
            for method in ("scaled_debt", "debt", "collateral_mask", "hold_until"):
                look(contract, method, is_equal=lambda v=vault, m=method: [getattr(v, m)()])
            look(
                self.market.engine, "margin_of", address,
                is_equal=lambda a=address: margin_words(model.engine.margin_of(a)),
            )  # fmt: skip
        return looks, expected


UNSIGNED = {"accrue", "collect", "realise_loss", "set_answer", "mint", "rebase"}
POOL_NUMBERS = (
    "cash", "debt_index", "total_scaled_debt", "total_debt", "totalAssets", "totalSupply",
    "borrow_rate", "lender_losses", "borrowing_stopped", "pause_level",
)  # fmt: skip


def told(part, name):
    """What a part of the model says, by method or by attribute."""
    found = getattr(part, name)
    return found() if callable(found) else found


def margin_words(margin):
    return [int(word, 16) if isinstance(word, str) else word for word in astuple(margin)]


def addresses_of(market):
    factory = market.factory
    return Addresses(
        asset=market.asset.address, factory=factory.address, pool=market.pool.address,
        fund=market.fund.address, engine=market.engine.address, oracle=market.oracle.address,
        owner=factory.owner(), risk_admin=factory.risk_admin(), guardian=factory.guardian(),
        compliance_officer=factory.compliance_officer(), treasury=market.pool.TREASURY(),
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
    )
