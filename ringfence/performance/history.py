"""The life of a vault, valued whenever something happened and at fixed times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ringfence.ledger.account import UNKNOWN, UNSOLICITED
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
    from ringfence.ledger.account import Account, Flow

NOTHING = Happening([], [], [])
HOUR = 3_600  # [s]
YOUNG = 3 * DAY  # [s] in which a vault is looked at each hour, and then each day
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
    """A vault from the end of one block to the end of another, and what was before."""

    life: tuple[Moment, ...]  # from before anything happened
    start: int  # which of them the opening is
    listing: Listing
    samples: frozenset[int]  # blocks that are looked at whatever happens
    until: int  # when it ends [unix s]: at the closing's block, or later if no other came

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """From the opening, of which nothing is told but what it was, to the closing."""
        opening, *later = self.life[self.start :]
        return (replace(opening, parts={}, net_flow=0), *later)

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


def life_of(
    account: Account,
    listing: Listing,
    quote: Quoting,
    begin: int,
    last: int,
    samples: Iterable[int],
) -> tuple[Moment, ...]:
    """Value a vault at whatever happened to it until a block, at that, and at samples.

    :param begin: a block before all that happened.
    """
    happenings = happenings_of(account)
    moments = [_nothing(quote(begin, ()))]
    known: dict[str, int] = {}  # [WAD] last price of a token
    blocks = {it for it in happenings if it <= last} | {it for it in samples if begin < it < last}
    for block in sorted(blocks | {last} - {begin}):
        happening = happenings.get(block, NOTHING)
        needed = _priced(moments[-1].position, happening, listing)
        quotes = _carried(quote(block, needed), known)
        known |= {token: price for token, price in quotes.prices.items() if price is not None}
        moments.append(_next(moments[-1], happening, quotes, listing))
    return tuple(moments)


def happenings_of(account: Account) -> dict[int, Happening]:
    """Return what happened to a vault, by block."""
    by_block: defaultdict[int, Happening] = defaultdict(lambda: Happening([], [], []))
    told = {(it.tx, it.token): it.kind for it in account.unmatched}
    for flow in account.flows:
        by_block[flow.block].flows.append(_meant(flow, told))
    for move in account.debt_moves:
        by_block[move.block].debt_moves.append(move)
    for sale in account.liquidations:
        by_block[sale.block].liquidations.append(sale)
    return dict(by_block)


def samples_between(begin: int, end: int) -> list[int]:
    """Return when a vault that began once is looked at until then, whatever happens: each hour of
    its first three days, and then each day, in UTC. Later ends only add to them. [unix s]
    """
    old = begin + YOUNG
    hours = range((begin // HOUR + 1) * HOUR, min(old, end), HOUR)
    days = range(-(-old // DAY) * DAY, end, DAY)
    return [*hours, *days]


def _meant(flow: Flow, told: Mapping[tuple[bytes, str], str]) -> Flow:
    """Name a transfer by the event of its transaction that no transfer equals: of a token that
    takes a fee, the two tell different amounts.
    """
    kind = told.get((flow.tx, flow.token))
    return (
        flow
        if kind is None or flow.kind not in (UNKNOWN, UNSOLICITED)
        else replace(flow, kind=kind)
    )


def _carried(quotes: Quotes, known: Mapping[str, int]) -> Quotes:
    """Let the last known price of a token count where nobody says one."""
    prices = {it: known.get(it) if price is None else price for it, price in quotes.prices.items()}
    return replace(quotes, prices=prices)


def _priced(position: Position, happening: Happening, listing: Listing) -> set[str]:
    """Return the tokens whose prices are needed."""
    held = {token for token, amount in position.balances.items() if amount}
    moved_now = {it.token for it in happening.flows}
    owed = {listing.asset} if position.scaled_debt or happening.debt_moves else set()
    return ((held | moved_now) & listing.decimals.keys()) | owed


def _nothing(quotes: Quotes) -> Moment:
    return Moment(quotes, Position(), 0, 0, 0, {}, 0)


def _next(last: Moment, happening: Happening, quotes: Quotes, listing: Listing) -> Moment:
    passed = waited(last.position, last.quotes, quotes, listing)
    position, parts = moved(last.position, happening, quotes, listing)
    whole = added((passed, parts))
    return Moment(
        quotes=quotes,
        position=position,
        after=equity_of(position, quotes, listing),
        assets=collateral_value(position, quotes, listing),
        debt=debt_value(position, quotes, listing),
        parts=whole,
        net_flow=external(whole),
    )
