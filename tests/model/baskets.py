"""Random vaults with a health below one, and the liquidations that they go through."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from fractions import Fraction

from ringfence.model import liquidation as sizing
from ringfence.model.chain import ZERO
from ringfence.model.collateral_registry import Token
from ringfence.model.engine_rules import MAX_SECURED, LiquidationTerms
from ringfence.model.fixed_point import MAX_UINT, RAY, WAD
from ringfence.model.health import health
from ringfence.model.judgement import Liquidation
from ringfence.model.market import MarketModel, MarketTerms
from ringfence.model.oracle import GivenPrices
from ringfence.model.pool import PoolTerms
from ringfence.model.rates import MockRateModel
from ringfence.model.refusal import Refused, check
from ringfence.model.survey import Case, Holding

VAULT = "vault"
ASSET = "asset"
NAMES = [f"token {number}" for number in range(6)]
CAP = 2**120 - 1
TERMS = LiquidationTerms(WAD // 100, WAD // 20, WAD * 9 // 10, WAD * 105 // 100, WAD // 5, 10 * WAD)


@dataclass
class Basket:
    """A vault as the engine sees it: balances, mask and debt, at given prices and rules."""

    market: MarketModel
    prices: GivenPrices
    mask: int = 0
    debt: int = 0  # [asset]
    index: int = RAY  # [RAY] of the pool
    calls: dict[str, int] = field(default_factory=dict)  # token -> liquidations that seized it

    @property
    def terms(self) -> LiquidationTerms:
        return self.market.engine.liquidation_terms()

    @property
    def smallest(self) -> int:
        return self.market.pool.min_debt()

    @property
    def dust_value(self) -> int:
        return self.market.engine._dust_value(self.case())

    @property
    def tokens(self) -> list[str]:
        return self.market.engine.tokens_of(self.mask)

    def case(self) -> Case:
        return self.market.engine._take(VAULT, self.mask, self.debt)

    def case_at_auction(self) -> Case:
        """The case once the vault's own credit asset has paid."""
        return self.market.engine._burn_own(self.case(), Liquidation(mask=self.mask), MAX_UINT)[0]

    def is_short(self) -> bool:
        case = self.case()
        return case.weighted_value < case.debt_value

    @property
    def highest_value(self) -> int:
        """The most that the collateral may be worth, dead prices being anything. [WAD]"""
        engine = self.market.engine
        return sum(
            held.value() if held.is_live else engine._highest_value(held)
            for held in self.case_at_auction().holdings
        )

    @property
    def crumb(self) -> int:
        """What buys no scaled debt. [WAD]"""
        engine, price = self.market.engine, self.case_at_auction().debt_price
        return engine._debt_value(self.index // RAY + 1, price)

    def judge(self, token: str, max_repay: int = MAX_UINT) -> Liquidation:
        """A verdict that the pool would book, too."""
        verdict = self.market.engine.judge(VAULT, self.mask, self.debt, token, max_repay)
        paid = verdict.own_repaid + verdict.repaid
        is_whole = paid + verdict.bad_debt == self.debt
        check(is_whole or paid * RAY // self.index > 0, "pool: repays nothing")
        return verdict

    def first_verdict(self, tokens: list[str], max_repay: int = MAX_UINT):
        """The first of `tokens` that can be liquidated, else the realisation of a loss."""
        for token in [*tokens, ZERO]:
            try:
                return token, self.judge(token, max_repay)
            except Refused:
                continue
        return None, None

    def carry_out(self, token: str, verdict: Liquidation) -> None:
        self._take_out(ASSET, verdict.own_repaid)
        self._take_out(token, verdict.seized)
        if verdict.seized > 0:
            self.calls[token] = self.calls.get(token, 0) + 1
        self.mask = verdict.mask
        self.debt -= verdict.own_repaid + verdict.repaid + verdict.bad_debt
        assert self.debt >= 0

    def trade(self, token: str, verdict: Liquidation) -> Trade:
        """What the auction of one token does."""
        before = self.case_at_auction()
        position = self.market.engine._position_of(before, token)
        after = self.market.engine._after_trade(before, position, verdict.seized, verdict.repaid)
        return Trade(before, after, before.holdings[position], verdict, self.terms, self.smallest)

    def _take_out(self, token: str, amount: int) -> None:
        if amount > 0:
            self.market.chain.parts[token].balances[VAULT] -= amount


@dataclass(frozen=True)
class Trade:
    """Collateral against repayment, and the vault before and after."""

    before: Case
    after: Case
    holding: Holding
    verdict: Liquidation
    terms: LiquidationTerms
    smallest: int

    @property
    def is_deep(self) -> bool:
        now = health(self.before.weighted_value, self.before.debt_value)
        return sizing.is_deep(now, self.holding.ltv, self.terms.min_bonus)

    @property
    def is_closing(self) -> bool:
        return sizing.is_small(self.before.debt, self.smallest)

    @property
    def exhausts(self) -> bool:
        return self.verdict.seized == self.holding.balance

    def asset_value(self, assets: int, decimals: int) -> Fraction:
        return Fraction(assets * self.before.debt_price, 10**decimals)


class Court:
    """One market whose rules, prices and only vault are drawn anew for each basket."""

    def __init__(self) -> None:
        self.prices = GivenPrices()
        self.prices.give(ASSET, WAD)
        pool = PoolTerms(0, 0, WAD, CAP, CAP, 1, CAP, 259_200)
        terms = MarketTerms(pool, TERMS, MockRateModel(0), 6)
        self.market = MarketModel(10**9, terms, prices=self.prices)
        for name in NAMES:
            self.market.add_token(name, 18)

    def draw(self, source: random.Random, dead_share: float = 0.0) -> Basket:
        """A basket of 1 to 6 tokens with a health below one."""
        basket = self._draw(source, dead_share)
        while not basket.is_short():
            basket = self._draw(source, dead_share)
        return basket

    def plain(self, smallest: int, ltv: int) -> Basket:
        """A basket of one token at price 1, with a credit asset of 6 decimals at price 1."""
        engine = self.market.engine
        engine._terms, engine.asset_decimals = TERMS, 6
        self.market.pool._min_debt = smallest
        self.prices.give(ASSET, WAD)
        self.prices.give(NAMES[0], WAD)
        engine._entries = [Token(NAMES[0], 0, ltv, ltv, 0, 0, 18, False, False)]
        return Basket(self.market, self.prices, mask=1)

    def _draw(self, source: random.Random, dead_share: float) -> Basket:
        self._draw_terms(source)
        basket = Basket(self.market, self.prices, index=source.choice([RAY, RAY * 3 // 2, RAY * 5]))
        count = source.randint(1, 6)
        sizes = [source.random() ** source.choice([1, 4, 10]) + 1e-9 for _ in range(count)]
        worth = _spread(source, 10 * WAD, 10**7 * WAD)
        self.market.engine._entries = []
        for number, size in enumerate(sizes):
            is_asset = number == 0 and source.random() < 0.3
            is_live = is_asset or source.random() >= dead_share
            name = ASSET if is_asset else NAMES[number]
            value = int(worth * (size / sum(sizes)))
            self._draw_token(source, name, value, is_live)
            basket.mask |= 1 << number
        basket.debt = self._draw_debt(source, basket)
        return basket

    def _draw_terms(self, source: random.Random) -> None:
        engine, pool = self.market.engine, self.market.pool
        low = source.randint(WAD // 1_000, WAD // 50)
        engine._terms = LiquidationTerms(
            min_bonus=low,
            max_bonus=low + source.randint(0, WAD // 10),
            floor_health=source.randint(WAD // 2, WAD * 99 // 100),
            target_health=source.randint(WAD * 101 // 100, WAD * 125 // 100),
            insurance_share=source.randint(0, WAD // 2),
            dust_value=source.choice([1, 10 * WAD, source.randint(1, 20 * WAD)]),
        )
        engine.asset_decimals = source.choice([6, 6, 8, 18])
        price = source.choice([WAD, WAD, WAD * 98 // 100, _spread(source, WAD, 10**5 * WAD)])
        self.prices.give(ASSET, price)
        smallest = source.choice([100 * WAD, 1_000 * WAD, _spread(source, 20 * WAD, 5_000 * WAD)])
        pool._min_debt = smallest * 10**engine.asset_decimals // price

    def _draw_token(self, source: random.Random, name: str, value: int, is_live: bool) -> None:
        engine = self.market.engine
        decimals = source.choice([6, 8, 18, 18])
        price = _spread(source, WAD // 10**4, 10**5 * WAD)
        if name == ASSET:
            decimals, (price, _) = engine.asset_decimals, self.prices.price_of(ASSET)
        largest = MAX_SECURED * WAD // (WAD + self.market.engine._terms.max_bonus) - 1
        ltv = source.choice(
            [WAD * 8 // 10, WAD * 9 // 10, source.randint(0, WAD), WAD * 7 // 10, largest, 0]
        )
        ltv = min(ltv, largest)
        highest = price if is_live else price * source.choice([1, 10, 10**6])
        self.prices.give(name, price, is_live, highest_price=highest)
        engine._entries.append(Token(name, 0, ltv, ltv, 0, 0, decimals, False, False))
        self.market.chain.parts[name].balances[VAULT] = value * 10**decimals // price

    def _draw_debt(self, source: random.Random, basket: Basket) -> int:
        smallest = basket.smallest
        if source.random() < 0.15:
            off = [-1, 0, 1, 2, smallest // 2]
            off += [smallest // 100 + more for more in (-1, 0, 1, 2)]
            return max(smallest + source.choice(off), 1)
        ratio = source.choice(
            [
                source.uniform(0.2, 1),
                source.uniform(0.8, 1),
                source.uniform(0.95, 1),
                1 - 10 ** -source.uniform(1, 12),
            ]
        )
        price, _ = self.prices.price_of(ASSET)
        value = int(basket.case().weighted_value / ratio)
        return max(value * 10**self.market.engine.asset_decimals // price + 1, smallest)


def _spread(source: random.Random, low: int, high: int) -> int:
    """A number whose order of magnitude is random, too."""
    return int(math.exp(source.uniform(math.log(low), math.log(high))))
