"""Numbers over time as lines, with what happened and the levels that matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ringfence.charts.axes import Scale, value_axis
from ringfence.charts.chart import Chart
from ringfence.charts.clock import span_of, time_ticks
from ringfence.charts.frame import Frame, below, frame, nothing
from ringfence.charts.legend import colour_of, entries_of, shape, style_of
from ringfence.charts.series import (
    MOST_DRAWN,
    Known,
    Mark,
    Point,
    Series,
    Threshold,
    known,
    number_of,
    thinned,
)
from ringfence.charts.svg import LINE, coordinate, dot, fitted, level, path, picture, words
from ringfence.charts.telling import summary_of, table_of, when
from ringfence.charts.unit import RATIO, Unit

NAME = 17  # height of the name of a threshold


def lines(
    slug: str,
    title: str,
    series: Sequence[Series],
    marks: Sequence[Mark] = (),
    thresholds: Sequence[Threshold] = (),
    unit: Unit = RATIO,
    *,
    is_stepped: bool = False,
) -> Chart:
    """Draw numbers over time; stepped, where nothing is known between two of them."""
    seen = [it for one in series for it in known(one.points)]
    values = [it[1] for it in seen] + [it.value for it in marks] + [it.value for it in thresholds]
    place = frame(value_axis(values), unit, entries_of(series, marks))
    low, high = span_of([it[0] for one in series for it in one.points] + [it.at for it in marks])
    x = place.x(low, high)
    parts = [
        *place.parts,
        *below(place, x, time_ticks(low, high, place.right - place.left)),
        *_drawn_series(series, x, place.y, is_stepped),
        *_drawn_thresholds(thresholds, place, unit),
        *(
            shape(it.tone, x.at(it.at), place.y.at(it.value), f"{when(it.at)} UTC: {it.label}")
            for it in marks
        ),
    ]
    height, parts = (place.height, parts) if values else nothing()
    summary = summary_of(series, marks, thresholds, unit)
    columns, rows, note = table_of(series, marks, unit)
    return Chart(title, summary, picture(slug, title, summary, height, parts), columns, rows, note)


def runs(points: Sequence[Point], is_stepped: bool) -> Iterator[list[Known]]:
    """Cut points where a number is missing; a step lasts until then."""
    run: list[Known] = []
    for point in points:
        value = number_of(point)
        if value is not None:
            run.append((point[0], value))
        elif run:
            yield [*run, (point[0], run[-1][1])] if is_stepped else run
            run = []
    if run:
        yield run


def track(run: Sequence[Known], x: Scale, y: Scale, is_stepped: bool) -> str:
    """Write a run as a path: from point to point, or level and then upright."""
    places = [(coordinate(x.at(at)), coordinate(y.at(value))) for at, value in run]
    if not is_stepped:
        return "M" + " ".join(f"{across} {down}" for across, down in places)
    steps = (
        f"H{after[0]}" + (f"V{after[1]}" if after[1] != before[1] else "")
        for before, after in pairwise(places)
    )
    return f"M{places[0][0]} {places[0][1]}" + "".join(steps)


def _drawn_series(series: Sequence[Series], x: Scale, y: Scale, is_stepped: bool) -> Iterator[str]:
    for number, one in enumerate(series):
        drawn = list(runs(thinned(one.points, MOST_DRAWN), is_stepped))
        long = [track(it, x, y, is_stepped) for it in drawn if len(it) > 1]
        if long:
            yield path("".join(long), style_of(number))
        ends = [it[0] for it in drawn if len(it) == 1] + [it[-1] for it in drawn[-1:]]
        for at, value in dict.fromkeys(ends):
            yield dot(x.at(at), y.at(value), f"dot {colour_of(number)}")


def _drawn_thresholds(thresholds: Sequence[Threshold], place: Frame, unit: Unit) -> Iterator[str]:
    """Draw levels with their names on them; names that would overlap move up."""
    ordered = sorted(thresholds, key=lambda it: it.value)
    for it in ordered:
        yield level(place.left, place.y.at(it.value), place.right, "threshold")
    free = place.bottom
    for it in ordered:
        free = min(place.y.at(it.value), free)
        text = fitted(f"{it.label} {unit.bare(it.value)}", place.right - place.left - LINE)
        yield words(place.left + LINE / 2, free, text, "named")
        free -= NAME
