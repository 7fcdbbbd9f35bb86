"""Where a change of a vault's equity came from, to the last wei: the parts add up to it exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ringfence.ledger.account import (
    BORROWED,
    DEPOSIT,
    SEIZURE,
    SURRENDER,
    TOP_UP,
    UNKNOWN,
    UNSOLICITED,
    WITHDRAWAL,
    WRITTEN_OFF,
    DebtMove,
    Flow,
    Liquidation,
)
from ringfence.model.health import value_down
from ringfence.performance.valuation import Listing, Position, Quotes, debt_value, holding_value

# Parts of a change of equity. The first four are flows: what others brought or took is no profit.
DEPOSITS = "deposits"  # and debt that was repaid with money from elsewhere
WITHDRAWALS = "withdrawals"  # and loans that were paid out to elsewhere
GIFTS = "gifts"
FIRST_PRICED = "first_priced"  # what came when nobody said what it was worth
PRICE = "price"
INTEREST = "interest"  # with what rounding adds to a debt
LIQUIDATION = "liquidation"
FEES = "fees"  # what the insurance fund gets of a liquidation
RELIEF = "relief"  # debt that was written off
OTHER = "other"  # what no event explains
FLOWS = (DEPOSITS, WITHDRAWALS, GIFTS, FIRST_PRICED)
RESULTS = (PRICE, INTEREST, LIQUIDATION, FEES, RELIEF, OTHER)

Parts = Mapping[str, int]  # [WAD] by name; what is left out is nothing

_PART_OF = {
    DEPOSIT: DEPOSITS,
    TOP_UP: DEPOSITS,
    WITHDRAWAL: WITHDRAWALS,
    UNSOLICITED: GIFTS,
    SEIZURE: LIQUIDATION,
    SURRENDER: LIQUIDATION,
    UNKNOWN: OTHER,
}


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a vault in a block."""

    flows: list[Flow]
    debt_moves: list[DebtMove]
    liquidations: list[Liquidation]


def added(parts: Iterable[Parts]) -> Parts:
    """Add up the parts of several changes."""
    total: Counter[str] = Counter()
    for it in parts:
        for name, value in it.items():
            total[name] += value
    return dict(total)


def external(parts: Parts) -> int:
    """Return what came from elsewhere, less what went there. [WAD]"""
    return sum(parts.get(it, 0) for it in FLOWS)


def waited(position: Position, before: Quotes, after: Quotes, listing: Listing) -> Parts:
    """Return what time did to a vault that stood still: prices moved, and its debt grew."""
    first = sum(
        holding_value(position, it, after, listing)
        for it in position.balances
        if before.prices.get(it) is None
    )
    held = sum(
        holding_value(position, it, after, listing) - holding_value(position, it, before, listing)
        for it in position.balances
    )
    owed = debt_value(position, before, listing)
    repriced = debt_value(position, after, listing, before.index)
    grown = debt_value(position, after, listing)
    return {
        FIRST_PRICED: first,
        PRICE: held - first - (repriced - owed),
        INTEREST: repriced - grown,
    }


def moved(
    position: Position, happening: Happening, quotes: Quotes, listing: Listing
) -> tuple[Position, Parts]:
    """Return a vault after what happened to it in a block, at the prices at the block's end, and
    which part of the change of its equity came from what.
    """
    parts: Counter[str] = Counter()
    total = 0
    for flow in happening.flows:
        after = position.with_more(flow.token, flow.amount)
        change = holding_value(after, flow.token, quotes, listing)
        change -= holding_value(position, flow.token, quotes, listing)
        total += change
        if flow.kind in _PART_OF:
            parts[_PART_OF[flow.kind]] += change
        position = after
    for move in happening.debt_moves:
        after = position.with_debt(move.scaled_debt)
        total += debt_value(position, quotes, listing) - debt_value(after, quotes, listing)
        position = after
        if move.kind == WRITTEN_OFF:
            parts[RELIEF] += _worth(-move.assets, quotes, listing)
        elif move.outside:
            name = WITHDRAWALS if move.kind == BORROWED else DEPOSITS
            parts[name] += _worth(move.outside, quotes, listing)
    for sale in happening.liquidations:
        parts[LIQUIDATION] += _worth(sale.repaid, quotes, listing)
        parts[LIQUIDATION] += _worth(sale.insurance, quotes, listing)
        parts[FEES] -= _worth(sale.insurance, quotes, listing)
    parts[INTEREST] += total - sum(parts.values())
    return position, dict(parts)


def _worth(assets: int, quotes: Quotes, listing: Listing) -> int:
    """Return what an amount of the credit asset is worth, towards nothing. [WAD]"""
    price, decimals = quotes.prices[listing.asset], listing.decimals[listing.asset]
    value = 0 if price is None else value_down(abs(assets), price, decimals)
    return value if assets >= 0 else -value
