"""Mirror of `modules/survey.vy`: what a vault holds and owes, at the prices of the moment."""

from dataclasses import dataclass, replace
from itertools import chain as joined

from ringfence.model import bitmap
from ringfence.model.chain import ZERO
from ringfence.model.collateral_registry import Token
from ringfence.model.engine_rules import EngineRules
from ringfence.model.fixed_point import uint
from ringfence.model.health import value_down, value_up, weighted
from ringfence.model.refusal import Refused, check


@dataclass(frozen=True)
class Holding:
    """Collateral of one token."""

    token: str
    index: int
    balance: int  # [token]
    price: int  # [WAD] of a whole token, as it counts for liquidation
    is_live: bool
    decimals: int
    ltv: int  # [WAD] maintenance, now

    def value(self) -> int:
        """Value, rounded down [WAD]."""
        return value_down(self.balance, self.price, self.decimals)

    def weight(self) -> int:
        """Debt that it carries, rounded down [WAD]."""
        return weighted(self.value(), self.ltv)


@dataclass(frozen=True)
class Case:
    """All that a liquidation looks at."""

    holdings: tuple[Holding, ...]
    collateral_value: int  # [WAD]
    weighted_value: int  # [WAD]
    debt: int  # [asset]
    debt_value: int  # [WAD]
    debt_price: int  # [WAD]


class Survey(EngineRules):
    """Nothing here is refused because of a collateral token."""

    def _take(self, vault: str, mask: int, debt: int) -> Case:
        found = (self._holding(vault, index) for index in bitmap.members(mask))
        holdings = tuple(
            it for it in found if it.is_live or not self._entries[it.index].is_delisted
        )
        debt_price = self._debt_price() if debt > 0 else 0
        return Case(
            holdings=holdings,
            collateral_value=uint(sum(holding.value() for holding in holdings)),
            weighted_value=uint(sum(holding.weight() for holding in holdings)),
            debt=debt,
            debt_value=self._debt_value(debt, debt_price) if debt > 0 else 0,
            debt_price=debt_price,
        )

    def _holding(self, vault: str, index: int) -> Holding:
        entry = self._entries[index]
        balance, is_live = self._balance_of(entry.token, vault)
        price = 0
        if balance > 0:
            price, is_live = self.oracle.price_of(entry.token)
        return Holding(
            token=entry.token,
            index=index,
            balance=balance,
            price=price,
            is_live=is_live,
            decimals=entry.decimals,
            ltv=self._maintenance_ltv(entry),
        )

    def _carried(self, vault: str, mask: int) -> tuple[int, str]:
        """Debt value carried when risk grows [WAD], and a token whose price is dead."""
        total = 0
        dead_token = ZERO
        for index in bitmap.members(mask):
            entry = self._entries[index]
            if entry.is_delisted:
                continue
            weight, is_live = self._initial_weight(vault, entry)
            total = uint(total + weight)
            if not is_live and dead_token == ZERO:
                dead_token = entry.token
        return total, dead_token

    def _initial_weight(self, vault: str, entry: Token) -> tuple[int, bool]:
        balance, is_readable = self._balance_of(entry.token, vault)
        if balance == 0:
            return 0, is_readable
        price, is_live = self.oracle.low_price_of(entry.token)
        if not is_live:
            return 0, False
        if entry.is_capped:
            balance = min(balance, self.cap_of.get(entry.token, 0))
        worth = value_down(balance, price, entry.decimals)
        return weighted(worth, entry.initial_ltv), True

    def _balance_of(self, token: str, vault: str) -> tuple[int, bool]:
        """Balance [token], and whether the token tells it."""
        try:
            return self.chain.token(token).balanceOf(vault), True
        except Refused:
            return 0, False

    def _highest_value(self, held: Holding) -> int:
        """What a holding with a dead price may be worth at most [WAD]."""
        return value_down(held.balance, self.oracle.highest_price_of(held.token), held.decimals)

    def _debt_price(self) -> int:
        price, is_live = self.oracle.price_of(self.asset)
        check(is_live, "engine: dead credit price")
        return price

    def _debt_value(self, debt: int, price: int) -> int:
        return value_up(debt, price, self.asset_decimals)

    def _after_trade(self, case: Case, position: int, sold: int, repaid: int) -> Case:
        """The case once `sold` tokens of a holding are gone and `repaid` of the debt is."""
        before = case.holdings[position]
        after = replace(before, balance=uint(before.balance - sold))
        debt = uint(case.debt - repaid)
        holdings = joined(case.holdings[:position], [after], case.holdings[position + 1 :])
        return Case(
            holdings=tuple(holdings),
            collateral_value=uint(case.collateral_value - before.value() + after.value()),
            weighted_value=uint(case.weighted_value - before.weight() + after.weight()),
            debt=debt,
            debt_value=self._debt_value(debt, case.debt_price),
            debt_price=case.debt_price,
        )

    @staticmethod
    def _position_of(case: Case, token: str) -> int:
        for position, holding in enumerate(case.holdings):
            if holding.token == token:
                return position
        raise Refused("engine: token not enabled")
