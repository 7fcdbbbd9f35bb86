"""What a period came to for a vault, as facts: money in the quote currency, exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ringfence.performance.attribution import FLOWS, RESULTS
from ringfence.performance.measures import DUST
from ringfence.units import WAD, from_wad, measured

if TYPE_CHECKING:
    from ringfence.ledger.account import Account
    from ringfence.model.engine import Margin
    from ringfence.performance.history import History, Moment
    from ringfence.performance.looking import Looking
    from ringfence.performance.measures import Performance

Facts = dict[str, Any]
BEYOND = 1e9  # measures from here on are not told
# What there is to say of a margin.
FREE, OWED, GONE, SILENT = "no debt", "in debt", "no equity left", "price unknown"


@dataclass(frozen=True)
class Standing:
    """A vault's margin at a moment of its history."""

    moment: Moment
    margin: Margin
    is_known: bool  # whether all prices that it depends on were

    @property
    def state(self) -> str:
        """What there is to say of its margin."""
        if not self.is_known:
            return SILENT
        if self.moment.position.scaled_debt == 0:
            return FREE
        return OWED if self.margin.equity > 0 else GONE

    @property
    def health(self) -> Decimal | None:
        """Weighted collateral over debt; None without debt, or if a price is not known."""
        return from_wad(self.margin.health) if self.state in (OWED, GONE) else None

    @property
    def cushion(self) -> Decimal | None:
        """The part of equity above maintenance margin; None also if no equity is left."""
        return from_wad(self.margin.cushion) if self.state == OWED else None

    @property
    def fall(self) -> Decimal | None:
        """The fall of the prices of all collateral at which health is one; None without debt."""
        return None if self.health is None else fall_of(self.margin.health)

    @property
    def leverage(self) -> Decimal | None:
        """The value of all it has over equity; None if no equity is left."""
        equity = self.moment.after
        return from_wad(self.moment.assets * WAD // equity) if equity >= DUST else None


def fall_of(health: int) -> Decimal:
    """Return the fall of the prices of all collateral at which a health [WAD] is one; 0 if it is
    less.
    """
    return from_wad(WAD - WAD * WAD // health) if health > WAD else Decimal(0)


def standings_of(looking: Looking, account: Account, history: History) -> list[Standing]:
    """Return the margin at each moment of a history."""
    return [
        Standing(it, looking.margin(account, it), looking.is_known(account, it))
        for it in history.moments
    ]


def summary(done: Performance, standings: Sequence[Standing]) -> Facts:
    """Return what a history came to."""
    history = done.history
    parts = {name: from_wad(history.parts.get(name, 0)) for name in (*FLOWS, *RESULTS)}
    mark = done.units
    return {
        "from": _end(history.opening),
        "to": _end(history.closing),
        "flows": {it: parts[it] for it in FLOWS},
        "result": {it: parts[it] for it in RESULTS},
        "net_flow": from_wad(sum(flow for _, flow in done.flows)),
        "gain": from_wad(done.gain),
        "residual": from_wad(history.residual),
        "time_weighted": _told(done.time_weighted),
        "time_weighted_since": done.since,
        "money_weighted": _told(done.money_weighted_held),
        "money_weighted_per_year": _told(done.money_weighted),
        "modified_dietz": _told(done.modified_dietz),
        "max_drawdown": _told(done.max_drawdown),
        "statistics": {name: _told(it) for name, it in asdict(done.statistics).items()},
        "unit_price": from_wad(mark.price(history.closing.after)),
        "high_water_mark": from_wad(mark.highest),
        "leverage": _range(standings, "leverage", highest=True),
        "health": _range(standings, "health", highest=False),
        "cushion": _range(standings, "cushion", highest=False),
        "valuations": len(history.moments),
        "valuations_on_dead_prices": sum(not it.is_priced for it in history.moments),
    }


def _end(moment: Moment) -> Facts:
    return {
        "block": moment.quotes.block,
        "timestamp": moment.timestamp,
        "assets": from_wad(moment.assets),
        "debt": from_wad(moment.debt),
        "equity": from_wad(moment.after),
    }


def _told(measure: float | None) -> float | None:
    """Return a measure with the digits that every machine computes alike; None if it is beyond
    what tells anybody anything, such as a day's gain that is raised to a year's.
    """
    if not isinstance(measure, float):
        return measure
    return float(measured(measure)) if abs(measure) < BEYOND else None


def _range(standings: Sequence[Standing], measure: str, highest: bool) -> Facts:
    """A measure at the end, and when it was at its most dangerous: of what was looked at."""
    told = [(getattr(it, measure), it.moment.timestamp) for it in standings]
    known = [(value, at) for value, at in told if value is not None]
    worst = (max if highest else min)(known, key=lambda it: it[0], default=(None, None))
    gone = [it.moment.timestamp for it in standings if it.state == GONE]
    return {
        "now": told[-1][0],
        "state": standings[-1].state,
        "worst": worst[0],
        "worst_at": worst[1],
        "gone_at": gone[0] if gone else None,  # when no equity was left
    }
