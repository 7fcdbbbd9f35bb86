"""What could be liquidated if prices fell: a stair that rises with the fall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from ringfence.charts.axes import Scale, value_axis
from ringfence.charts.chart import Chart
from ringfence.charts.frame import Frame, below, frame, nothing
from ringfence.charts.series import MOST_DRAWN, MOST_TOLD
from ringfence.charts.svg import LINE, coordinate, fitted, path, picture, words
from ringfence.charts.unit import PERCENT, Unit

Step = tuple[Decimal, Decimal]  # fall of prices (0.3 for 30 %), and all that it makes liquidatable
FALLS = "prices fall by"
TOLD = "can be liquidated"
LEAST = Decimal("0.1")  # fall that is shown
BEYOND = Decimal("1.05")  # some of what follows the last step is shown


def ladder(
    slug: str, title: str, steps: Sequence[Step], now: str, unit: Unit, untold: str = ""
) -> Chart:
    """Draw how much can be liquidated from which fall on; `now` names today's prices, and `untold`
    what nobody can tell.
    """
    stairs = sorted(steps)
    place = frame(value_axis([Decimal(0), *(it[1] for it in stairs)]), unit, ())
    deepest = max([LEAST, *(it[0] for it in stairs)])
    falls = value_axis([Decimal(0), min(deepest * BEYOND, max(deepest, Decimal(1)))])
    x = falls.scale(place.left, place.right)
    ticks = zip(falls.ticks, PERCENT.ticks(falls.ticks, falls.step), strict=True)
    parts = [
        *place.parts,
        *below(place, x, ((at, f"{label} %") for at, label in ticks)),
        *_ends(place, now),
        *_stair(_thinned(stairs, MOST_DRAWN), x, place.y),
    ]
    height, parts = (
        (place.height + LINE, parts) if stairs else nothing(untold or "Nothing to liquidate")
    )
    summary = _summary(stairs, now, unit, untold)
    told = _thinned(stairs, MOST_TOLD)
    rows = tuple((PERCENT.bare(fall), unit.bare(value)) for fall, value in told)
    note = f"{len(told)} of {len(stairs)} steps." if len(told) < len(stairs) else ""
    drawn = picture(slug, title, summary, height, parts)
    return Chart(title, summary, drawn, (FALLS, unit.column(TOLD)), rows, note)


def _thinned(stairs: Sequence[Step], most: int) -> list[Step]:
    """Keep of each of equal spans of fall the last step: what has been reached by then."""
    if len(stairs) <= most:
        return list(stairs)
    falls = [Fraction(it[0]) for it in stairs]  # exact, whatever digits a Decimal keeps here
    span = (falls[-1] - falls[0]) / (most - 1) or 1
    steps = zip(falls, stairs, strict=True)
    return list({(fall - falls[0]) // span: it for fall, it in steps}.values())


def _stair(stairs: Sequence[Step], x: Scale, y: Scale) -> Iterator[str]:
    rises = [f"H{coordinate(x.at(at))}V{coordinate(y.at(value))}" for at, value in stairs]
    zero = coordinate(y.at(0))
    edge = f"M{coordinate(x.start)} {zero}{''.join(rises)}H{coordinate(x.end)}"
    yield path(f"{edge}V{zero}z", "under")
    yield path(edge, "line fall")


def _ends(place: Frame, now: str) -> Iterator[str]:
    """Say what lies at either end."""
    centre = place.height + LINE / 2
    yield words(place.left, centre, fitted(now, (place.right - place.left) * 0.6), "note")
    yield words(place.right, centre, "prices fall →", "note", "end")


def _summary(stairs: Sequence[Step], now: str, unit: Unit, untold: str) -> str:
    rest = f" {untold}." if untold else ""
    if not stairs:
        return f"{now}.{rest or ' Nothing can be liquidated at any fall of prices.'}"
    first, last = stairs[0], stairs[-1]
    start = f"{now}. From a fall of {PERCENT.text(first[0])} on {unit.text(first[1])} can be"
    return (
        f"{start} liquidated, from {PERCENT.text(last[0])} on {unit.text(last[1])}.{rest}"
        if len(stairs) > 1
        else f"{start} liquidated.{rest}"
    )
