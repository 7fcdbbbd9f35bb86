"""What a statement shows as charts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ringfence.charts import (
    PERCENT,
    RATIO,
    Chart,
    Mark,
    Series,
    Threshold,
    area,
    ladder,
    lines,
    money,
    waterfall,
)
from ringfence.performance.attribution import FLOWS, RESULTS
from ringfence.performance.summary import SILENT
from ringfence.units import from_wad, measured

if TYPE_CHECKING:
    from ringfence.performance.history import Moment
    from ringfence.statements.document import Statement

Facts = dict[str, Any]
NAMES = {
    "deposits": "Paid in",
    "withdrawals": "Taken out",
    "gifts": "Sent unasked",
    "first_priced": "First priced",
    "price": "Prices",
    "interest": "Interest",
    "liquidation": "Liquidation",
    "fees": "Insurance fund",
    "relief": "Debt written off",
    "other": "Unexplained",
}


def pictures(statement: Statement) -> dict[str, Chart]:
    """Return the charts of a statement by name."""
    return {
        "equity": _equity(statement),
        "result": _result(statement.facts),
        "drawdown": _drawdown(statement),
        "health": _health(statement),
        "cushion": _cushion(statement),
        "ladder": _ladder(statement.facts),
    }


def _equity(statement: Statement) -> Chart:
    unit = money(statement.facts["market"]["quote"])
    points = [(it.timestamp, from_wad(it.after)) for it in statement.history.moments]
    marks = [_mark(it) for it in statement.history.moments[1:] if it.net_flow]
    sold = {it.block for it in statement.account.liquidations}
    for it in statement.history.moments[1:]:
        if it.quotes.block in sold:
            marks.append(Mark(it.timestamp, from_wad(it.after), "liquidation", "bad"))
    return lines("equity", "Equity", [Series("equity", points)], marks, (), unit, is_stepped=True)


def _mark(moment: Moment) -> Mark:
    at, equity = moment.timestamp, from_wad(moment.after)
    return (
        Mark(at, equity, "paid in", "in")
        if moment.net_flow > 0
        else Mark(at, equity, "taken out", "out")
    )


def _result(facts: Facts) -> Chart:
    done = facts["performance"]
    amounts = done["flows"] | done["result"]
    parts = [(NAMES[it], amounts[it]) for it in (*FLOWS, *RESULTS) if amounts[it]]
    opening = ("Opening", done["from"]["equity"])
    unit = money(facts["market"]["quote"])
    moved = [NAMES[it] for it in FLOWS]
    return waterfall("result", "From opening to closing", opening, parts, "Closing", unit, moved)


def _drawdown(statement: Statement) -> Chart:
    """How far a unit of equity was from its highest; nothing once all was lost."""
    done = statement.performance
    points = [
        (it.timestamp, None if fall is None else measured(fall))
        for it, fall in zip(done.history.moments, done.falls, strict=True)
    ]
    return area("drawdown", "Fall from the highest", points, PERCENT)


def _health(statement: Statement) -> Chart:
    points = [(it.moment.timestamp, it.health) for it in statement.standings]
    limit = Threshold(Decimal(1), "liquidation")
    series = [Series("health", points, "no debt, or a price unknown")]
    return lines("health", "Health", series, (), [limit], RATIO, is_stepped=True)


def _cushion(statement: Statement) -> Chart:
    points = [(it.moment.timestamp, it.cushion) for it in statement.standings]
    limit = Threshold(Decimal(0), "liquidation")
    series = [Series("cushion", points, "no debt, no equity, or a price unknown")]
    return lines("cushion", "Cushion", series, (), [limit], PERCENT, is_stepped=True)


def _ladder(facts: Facts) -> Chart:
    """From which fall of all prices on the debt can be liquidated."""
    fall, owed = facts["margin"]["fall"], facts["margin"]["debt_value"]
    unit = money(facts["market"]["quote"])
    steps = [] if fall is None else [(fall, owed)]
    untold = "A price is not known" if facts["margin"]["state"] == SILENT else ""
    title = "What can be liquidated if prices fall"
    return ladder("ladder", title, steps, "today's prices", unit, untold)
