"""What a statement says, as facts: amounts in whole tokens, values in the quote currency, exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce
from itertools import pairwise, starmap
from typing import TYPE_CHECKING, Any

from ringfence.exceptions import RingfenceError
from ringfence.ledger.account import BORROWED, REPAID, WRITTEN_OFF
from ringfence.model.fixed_point import RAY
from ringfence.performance.attribution import OTHER
from ringfence.performance.history import happenings_of
from ringfence.performance.measures import Performance
from ringfence.performance.summary import SILENT, standings_of, summary
from ringfence.performance.valuation import debt_of, holding_value
from ringfence.preview import liquidation_price
from ringfence.statements.register import register
from ringfence.units import added, effective_yearly, from_base, from_wad

if TYPE_CHECKING:
    from ringfence.ledger.account import Account
    from ringfence.performance.history import History, Moment
    from ringfence.performance.looking import Looking, Token
    from ringfence.performance.summary import Standing

Facts = dict[str, Any]
KIND, VERSION = "ringfence statement", 1
MARGIN = (
    "collateral_value",
    "debt_value",
    "equity",
    "initial_margin",
    "maintenance_margin",
    "available_funds",
    "excess_liquidity",
)


@dataclass(frozen=True)
class Statement:
    """A vault in a period, with all that was seen of it."""

    looking: Looking
    account: Account
    history: History
    standings: list[Standing]
    name: str  # of the period, as somebody asked for it
    proof: Facts | None  # digest of the last report of segregation until then, if there is one

    @classmethod
    def of(
        cls,
        looking: Looking,
        account: Account,
        blocks: tuple[int, int],
        name: str,
        proof: Facts | None,
        until: int | None = None,
    ) -> Statement:
        """Look at a vault from the end of one block to the end of another.

        :param until: end of the period that the last block is the last of, if any. [unix s]
        """
        history = looking.history(account, *blocks, until)
        return cls(looking, account, history, standings_of(looking, account, history), name, proof)

    @cached_property
    def performance(self) -> Performance:
        """How the vault did."""
        return Performance(self.history)

    @cached_property
    def facts(self) -> Facts:
        """All that it says."""
        account, closing = self.account, self.history.closing
        told = summary(self.performance, self.standings)
        positions, debt = self._positions(), self._debt()
        return {
            "kind": KIND,
            "version": VERSION,
            "market": self.looking.market_facts(),
            "vault": {
                "address": account.vault,
                "label": account.label,
                "class": account.fund_class,
                "id": account.id,
                "owner": account.owner,
                "opened_for": account.opened_for,
                "hold_until": account.hold_until
                if account.hold_until >= closing.timestamp
                else None,
            },
            "period": {"name": self.name, "from": told["from"], "to": told["to"]},
            "positions": positions,
            "debt": debt,
            "margin": self._margin(),
            "performance": told,
            "movements": register(self.looking, account, self.history),
            "liquidations": self._liquidations(),
            "prices": [
                self.looking.price_facts(closing.quotes.block, it.address) for it in self._counted()
            ],
            "checks": [
                *map(_check_position, positions),
                self._check_debt(debt),
                self._check_collateral(),
            ],
            "proof": self.proof,
        }

    # -- What it had -------------------------------------------------------------------------------

    def _counted(self) -> list[Token]:
        """Return the tokens that matter: had, moved or owed."""
        owed = any(it.position.scaled_debt for it in self.history.moments) or any(
            self._is_within(it.block) for it in self.account.debt_moves
        )
        seen = self._had | ({self.looking.asset.address} if owed else set())
        return [it for it in self.looking.tokens.values() if it.address in seen]

    def _positions(self) -> list[Facts]:
        return [self._position(it) for it in self._counted() if it.address in self._had]

    @cached_property
    def _had(self) -> set[str]:
        """Addresses of tokens that it held at some moment, or that moved."""
        held = {
            token
            for moment in self.history.moments
            for token, amount in moment.position.balances.items()
            if amount
        }
        return held | {it.token for it in self.account.flows if self._is_within(it.block)}

    def _is_within(self, block: int) -> bool:
        return self.history.opening.quotes.block < block <= self.history.closing.quotes.block

    def _position(self, token: Token) -> Facts:
        opening, closing = self.history.opening, self.history.closing
        moved = [
            it.amount
            for it in self.account.flows
            if it.token == token.address and self._is_within(it.block)
        ]
        held = closing.position.balances.get(token.address, 0)
        value = holding_value(closing.position, token.address, closing.quotes, self.looking.listing)
        ltv, price = self._ltv_of(token), closing.quotes.prices.get(token.address)

        def whole(units: int | None) -> Decimal | None:
            return None if units is None else from_base(units, token.decimals)

        return {
            "token": token.address,
            "symbol": token.symbol,
            "opening": whole(opening.position.balances.get(token.address, 0)),
            "in": whole(sum(it for it in moved if it > 0)),
            "out": whole(sum(it for it in moved if it < 0)),
            "closing": whole(held),
            "on_chain": whole(self._balance(token)),
            "price": None if price is None or not held else from_wad(price),
            "value": from_wad(value),
            "is_collateral": ltv is not None,
            "maintenance_ltv": None if ltv is None else from_wad(ltv),
            "liquidation_price": self._liquidation_price(token),
        }

    def _ltv_of(self, token: Token) -> int | None:
        """Return the maintenance LTV of collateral [WAD]; None of what does not count."""
        block = self.history.closing.quotes.block
        if token.address not in self.account.collaterals_at(block):
            return None
        return self.looking.sights.rules(block, token.address).maintenance_ltv

    def _balance(self, token: Token) -> int | None:
        """Return what the token says; None if it does not."""
        try:
            block = self.history.closing.quotes.block
            return self.looking.sights.balance(block, token.address, self.account.vault)
        except RingfenceError:
            return None

    def _liquidation_price(self, token: Token) -> Decimal | None:
        state = self.looking.state(self.account, self.history.closing)
        if all(it.token != token.address for it in state.holdings):
            return None
        price = liquidation_price(state, token.address)
        return None if price is None else from_wad(price)

    # -- What it owed ------------------------------------------------------------------------------

    def _debt(self) -> Facts:
        opening, closing = self.history.opening, self.history.closing
        block, decimals = closing.quotes.block, self.looking.asset.decimals
        moves = [it for it in self.account.debt_moves if self._is_within(it.block)]
        begin = debt_of(opening.position, opening.quotes.index)
        end = debt_of(closing.position, closing.quotes.index)
        by_kind = {
            kind: sum(it.assets for it in moves if it.kind == kind)
            for kind in (BORROWED, REPAID, WRITTEN_OFF)
        }
        on_chain = self.looking.sights.scaled_debt(block, self.account.vault)
        amounts = {
            "opening": begin,
            "borrowed": by_kind[BORROWED],
            "repaid": by_kind[REPAID],
            "written_off": by_kind[WRITTEN_OFF],
            "interest": end - begin - sum(by_kind.values()),
            "closing": end,
        }
        rate = self.looking.sights.borrow_rate(block)
        return {
            "symbol": self.looking.asset.symbol,
            **{name: from_base(units, decimals) for name, units in amounts.items()},
            "value": from_wad(closing.debt),
            "scaled": str(closing.position.scaled_debt),
            "scaled_on_chain": str(on_chain),
            "rate_per_year": effective_yearly(rate),
        }

    def _check_debt(self, debt: Mapping[str, Any]) -> Facts:
        """The same of debt; interest is what remains, so what moved has to explain the rest."""
        moved = ("opening", "borrowed", "repaid", "written_off", "interest")
        is_sum = reduce(added, (debt[it] for it in moved)) == debt["closing"]
        return {
            "of": "debt",
            "adds_up": is_sum and all(starmap(self._is_explained, pairwise(self.history.moments))),
            "chain_agrees": debt["scaled"] == debt["scaled_on_chain"],
        }

    def _check_collateral(self) -> Facts:
        """Nothing left unexplained, and what counts as collateral does so on the chain, too."""
        block = self.history.closing.quotes.block
        counted = self.looking.sights.collaterals(block, self.account.vault)
        return {
            "of": "collateral",
            "adds_up": self.history.parts.get(OTHER, 0) == 0,
            "chain_agrees": sorted(counted) == sorted(self.account.collaterals_at(block)),
        }

    def _is_explained(self, before: Moment, after: Moment) -> bool:
        """Tell whether debt changed in a block by what was moved, but for a rounding of each."""
        block, index = after.quotes.block, after.quotes.index
        moved = self._debt_moved.get(block, [])
        change = debt_of(after.position, index) - debt_of(before.position, index)
        return abs(change - sum(moved)) <= len(moved) * (index // RAY + 1)

    @cached_property
    def _debt_moved(self) -> dict[int, list[int]]:
        happenings = happenings_of(self.account).items()
        return {block: [move.assets for move in it.debt_moves] for block, it in happenings}

    # -- How safe it was ---------------------------------------------------------------------------

    def _margin(self) -> Facts:
        standing = self.standings[-1]
        values = {name: from_wad(getattr(standing.margin, name)) for name in MARGIN}
        return {
            "state": standing.state,
            **(dict.fromkeys(MARGIN) if standing.state == SILENT else values),
            "cushion": standing.cushion,
            "health": standing.health,
            "leverage": standing.leverage,
            "fall": standing.fall,
        }

    def _liquidations(self) -> list[Facts]:
        return [
            {
                "block": it.block,
                "timestamp": self.looking.sights.time(it.block),
                "transaction": "0x" + it.tx.hex(),
                "symbol": self._symbol(it.token),
                "seized": from_base(it.seized, self._decimals(it.token)),
                "repaid": from_base(it.repaid + it.own_repaid, self.looking.asset.decimals),
                "insurance": from_base(it.insurance, self.looking.asset.decimals),
                "liquidator": it.liquidator,
            }
            for it in self.account.liquidations
            if self._is_within(it.block)
        ]

    def _symbol(self, token: str) -> str | None:
        known = self.looking.tokens.get(token)
        return None if known is None else known.symbol

    def _decimals(self, token: str) -> int:
        known = self.looking.tokens.get(token)
        return 0 if known is None else known.decimals


def _check_position(position: Mapping[str, Any]) -> Facts:
    """Opening and movements are the closing, and the chain says the same."""
    moved = ("opening", "in", "out")
    return {
        "of": position["symbol"],
        "adds_up": reduce(added, (position[it] for it in moved)) == position["closing"],
        "chain_agrees": position["on_chain"] == position["closing"],
    }
