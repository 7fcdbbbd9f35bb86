"""How far below its highest something was: an area under zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ringfence.charts.axes import Scale, value_axis
from ringfence.charts.chart import Chart
from ringfence.charts.clock import span_of, time_ticks
from ringfence.charts.frame import below, frame, nothing
from ringfence.charts.line import runs, track
from ringfence.charts.series import MOST_DRAWN, Known, Point, Series, known, thinned
from ringfence.charts.svg import coordinate, dot, path, picture
from ringfence.charts.telling import summary_of, table_of
from ringfence.charts.unit import PERCENT, Unit

NAME = "below the highest"
LEAST = Decimal("-0.01")  # depth that is shown where there is none


def area(slug: str, title: str, points: Sequence[Point], unit: Unit = PERCENT) -> Chart:
    """Draw drawdown over time: zero at the highest, below zero under it."""
    seen = known(points)
    deepest = min([*(it[1] for it in seen), Decimal(0)]) or LEAST
    place = frame(value_axis([Decimal(0), deepest, *(it[1] for it in seen)]), unit, ())
    low, high = span_of([it[0] for it in points])
    x = place.x(low, high)
    parts = [
        *place.parts,
        *below(place, x, time_ticks(low, high, place.right - place.left)),
        *_drawn(points, x, place.y),
    ]
    height, parts = (place.height, parts) if seen else nothing()
    series = [Series(NAME, points)]
    summary = summary_of(series, (), (), unit)
    columns, rows, note = table_of(series, (), unit)
    return Chart(title, summary, picture(slug, title, summary, height, parts), columns, rows, note)


def _drawn(points: Sequence[Point], x: Scale, y: Scale) -> Iterator[str]:
    zero = coordinate(y.at(0))
    for run in runs(thinned(points, MOST_DRAWN), is_stepped=False):
        edge = track(run, x, y, is_stepped=False)
        if len(run) == 1:
            yield dot(x.at(run[0][0]), y.at(run[0][1]), "dot fall")
            continue
        yield path(f"{edge}V{zero}H{_start(run, x)}z", "under")
        yield path(edge, "line fall")


def _start(run: Sequence[Known], x: Scale) -> str:
    return coordinate(x.at(run[0][0]))
