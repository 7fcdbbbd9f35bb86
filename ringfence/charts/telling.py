"""What a chart over time says in words, and its table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ringfence.charts.series import (
    MOST_TOLD,
    Known,
    Mark,
    Series,
    Threshold,
    known,
    number_of,
    thinned,
)
from ringfence.charts.unit import Unit
from ringfence.wording import moment_text

Rows = tuple[tuple[str, ...], ...]


def when(at: int) -> str:
    """Write a moment without what goes without saying: seconds if none, and UTC."""
    return moment_text(at).removesuffix(" UTC").removesuffix(":00")


def summary_of(
    series: Sequence[Series], marks: Sequence[Mark], thresholds: Sequence[Threshold], unit: Unit
) -> str:
    """Tell each series, and how much is marked; times are UTC, and say so once."""
    told = [_told(it, unit, len(series) > 1) for it in series]
    told += [f"{it.label}: {unit.text(it.value)}." for it in thresholds]
    if marks:
        told.append(f"{len(marks)} {'event' if len(marks) == 1 else 'events'} marked.")
    has_moments = any(known(it.points) for it in series)
    return " ".join([*told, *(["Times in UTC."] if has_moments else [])]) or "No figures."


def _told(series: Series, unit: Unit, is_named: bool) -> str:
    points = known(series.points)
    gaps = len(series.points) - len(points)
    figures = ", ".join(_figures(points, unit)) if points else "no figures"
    missing = f"; {gaps} of {len(series.points)} {series.missing}" if gaps else ""
    start = f"{series.name}: {figures[0]}" if is_named else figures[0].upper()
    return f"{start}{figures[1:]}{missing}."


def _figures(points: Sequence[Known], unit: Unit) -> Iterator[str]:
    def figure(name: str, point: Known) -> str:
        return f"{name} {unit.text(point[1])} on {when(point[0])}"

    if len(points) == 1:
        yield figure("only", points[0])
        return
    yield figure("first", points[0])
    yield figure("last", points[-1])
    yield figure("lowest", min(points, key=lambda it: it[1]))
    yield figure("highest", max(points, key=lambda it: it[1]))


def table_of(
    series: Sequence[Series], marks: Sequence[Mark], unit: Unit
) -> tuple[tuple[str, ...], Rows, str]:
    """Return columns, rows and a note: one row a moment, and moments with an event all of them."""
    columns = ("time, UTC", *(unit.column(it.name) for it in series), *(["event"] if marks else []))
    events: dict[int, list[str]] = {}
    for mark in marks:
        events.setdefault(mark.at, []).append(mark.label)
    texts = [_texts(it, unit) for it in series]
    all_moments = {it for text in texts for it in text} | set(events)
    kept = {it[0] for one in series for it in thinned(one.points, MOST_TOLD)} | set(events)
    rows = tuple(
        (
            when(at),
            *(text.get(at, "") for text in texts),
            *(["; ".join(events.get(at, []))] if marks else []),
        )
        for at in sorted(kept)
    )
    is_short = len(kept) < len(all_moments)
    note = f"{len(kept)} of {len(all_moments)} moments, extremes among them." if is_short else ""
    return columns, rows, note


def _texts(series: Series, unit: Unit) -> dict[int, str]:
    """Write each point of a series; of several at one moment, all."""
    texts: dict[int, str] = {}
    for point in series.points:
        value = number_of(point)
        text = series.missing if value is None else unit.bare(value)
        texts[point[0]] = f"{texts[point[0]]}; {text}" if point[0] in texts else text
    return texts
