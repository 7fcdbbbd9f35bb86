"""The life of a vault between two blocks, valued whenever something happened and at fixed times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringfence.performance.attribution import Happening, Parts, added, external, moved, waited
from ringfence.performance.valuation import (
    Listing,
    Position,
    Quotes,
    collateral_value,
    debt_value,
    equity_of,
)
from ringfence.units import DAY

if TYPE_CHECKING:
    from ringfence.ledger.account import Account

NOTHING = Happening([], [], [])
HOUR = 3_600  # [s]
Quoting = Callable[[int, Collection[str]], Quotes]  # of a block, with prices of these tokens


@dataclass(frozen=True, slots=True)
class Moment:
    """A vault at the end of a block."""

    quotes: Quotes
    position: Position
    after: int  # equity [WAD]
    assets: int  # value of all that it holds [WAD]
    debt: int  # value of what it owes [WAD]
    parts: Parts  # of the change since the moment before
    net_flow: int  # what came from elsewhere in the block, less what went there [WAD]

    @property
    def before(self) -> int:
        """Equity without what flowed in the block: all else in it is taken to come first. [WAD]"""
        return self.after - self.net_flow

    @property
    def timestamp(self) -> int:
        """When the block was made. [unix s]"""
        return self.quotes.timestamp

    @property
    def is_priced(self) -> bool:
        """Whether all that counted had a live price."""
        return not self.quotes.dead


@dataclass(frozen=True)
class History:
    """A vault from the end of one block to the end of another."""

    moments: tuple[Moment, ...]  # the first is the opening, the last the closing
    listing: Listing

    @property
    def opening(self) -> Moment:
        """What it begins with."""
        return self.moments[0]

    @property
    def closing(self) -> Moment:
        """What it ends with."""
        return self.moments[-1]

    @property
    def parts(self) -> Parts:
        """Where the change of equity came from. [WAD]"""
        return added(it.parts for it in self.moments[1:])

    @property
    def residual(self) -> int:
        """What the parts do not explain of it: nothing. [WAD]"""
        return self.closing.after - self.opening.after - sum(self.parts.values())


def history_of(
    account: Account,
    listing: Listing,
    quote: Quoting,
    first: int,
    last: int,
    samples: Iterable[int],
) -> History:
    """Value a vault after one block, at whatever happened until another, and at samples between.

    :param first: block after which it opens; what happened in it has happened already.
    :param last: block after which it closes.
    :param samples: more blocks to look at.
    """
    happenings = happenings_of(account)
    position = Position()
    for block in sorted(it for it in happenings if it <= first):
        position = _carried(position, happenings[block])
    quotes = quote(first, _priced(position, NOTHING, listing))
    moments = [_opening(position, quotes, listing)]
    later = {it for it in happenings if first < it <= last}
    for block in sorted(later | {it for it in samples if first < it < last} | {last} - {first}):
        happening = happenings.get(block, NOTHING)
        quotes = quote(block, _priced(position, happening, listing))
        moments.append(_next(moments[-1], happening, quotes, listing))
        position = moments[-1].position
    return History(tuple(moments), listing)


def happenings_of(account: Account) -> dict[int, Happening]:
    """Return what happened to a vault, by block."""
    by_block: defaultdict[int, Happening] = defaultdict(lambda: Happening([], [], []))
    for flow in account.flows:
        by_block[flow.block].flows.append(flow)
    for move in account.debt_moves:
        by_block[move.block].debt_moves.append(move)
    for sale in account.liquidations:
        by_block[sale.block].liquidations.append(sale)
    return dict(by_block)


def samples_between(begin: int, end: int) -> list[int]:
    """Return the moments between two at which a vault is valued, whatever happens: the beginnings
    of days, in UTC, or of hours if there are less than three of them. [unix s]
    """
    step = DAY if end - begin >= 3 * DAY else HOUR
    return list(range((begin // step + 1) * step, end, step))


def _carried(position: Position, happening: Happening) -> Position:
    for flow in happening.flows:
        position = position.with_more(flow.token, flow.amount)
    for move in happening.debt_moves:
        position = position.with_debt(move.scaled_debt)
    return position


def _priced(position: Position, happening: Happening, listing: Listing) -> set[str]:
    """Return the tokens whose prices are needed."""
    held = {token for token, amount in position.balances.items() if amount}
    moved_now = {it.token for it in happening.flows}
    owed = {listing.asset} if position.scaled_debt or happening.debt_moves else set()
    return ((held | moved_now) & listing.decimals.keys()) | owed


def _opening(position: Position, quotes: Quotes, listing: Listing) -> Moment:
    equity = equity_of(position, quotes, listing)
    assets, debt = (
        collateral_value(position, quotes, listing),
        debt_value(position, quotes, listing),
    )
    return Moment(quotes, position, equity, assets, debt, {}, 0)


def _next(last: Moment, happening: Happening, quotes: Quotes, listing: Listing) -> Moment:
    passed = waited(last.position, last.quotes, quotes, listing)
    position, parts = moved(last.position, happening, quotes, listing)
    return Moment(
        quotes=quotes,
        position=position,
        after=equity_of(position, quotes, listing),
        assets=collateral_value(position, quotes, listing),
        debt=debt_value(position, quotes, listing),
        parts=added((passed, parts)),
        net_flow=external(parts),
    )
