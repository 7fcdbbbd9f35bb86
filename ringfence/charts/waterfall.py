"""How one amount became another: a row for each part, and where it starts and ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ringfence.charts.axes import Scale
from ringfence.charts.chart import Chart
from ringfence.charts.svg import WIDTH, box, fitted, picture, upright, width_of, words
from ringfence.charts.unit import Unit
from ringfence.units import added

ROW = 30  # height
BAR = 14
GAP = 12  # between label, bar and number
LABELS = 170  # most room for labels
BARS = 90  # least room for bars


@dataclass(frozen=True)
class Row:
    """A bar from one amount to another."""

    label: str
    start: Decimal
    end: Decimal
    text: str
    kind: str


def waterfall(
    slug: str,
    title: str,
    opening: tuple[str, Decimal],
    parts: Sequence[tuple[str, Decimal]],
    closing: str,
    unit: Unit,
    moved: Collection[str] = (),
) -> Chart:
    """Draw how the opening amount became the closing one, which is the sum of all.

    :param moved: parts that are neither good nor bad, such as a deposit.
    """
    rows = list(_rows(opening, parts, closing, unit, moved))
    told = [f"{it.label} {it.text}" for it in rows]
    summary = f"{'; '.join(told)}{f' {unit.code}' if unit.code else ''}."
    drawn = picture(slug, title, summary, ROW * len(rows), _drawn(rows))
    columns = ("part", unit.column("amount"))
    return Chart(title, summary, drawn, columns, tuple((it.label, it.text) for it in rows))


def _rows(
    opening: tuple[str, Decimal],
    parts: Sequence[tuple[str, Decimal]],
    closing: str,
    unit: Unit,
    moved: Collection[str],
) -> Iterator[Row]:
    name, sum_ = opening
    zero = Decimal(0)
    yield Row(name, zero, sum_, unit.bare(sum_), "whole")
    for label, amount in parts:
        after = added(sum_, amount)
        kind = "moved" if label in moved else "fall" if amount < 0 else "rise"
        yield Row(label, sum_, after, unit.signed(amount), kind)
        sum_ = after
    yield Row(closing, zero, sum_, unit.bare(sum_), "whole")


def _drawn(rows: Sequence[Row]) -> Iterator[str]:
    x = _scale(rows)
    yield upright(x.at(0), 0, ROW * len(rows), "zero")
    for number, row in enumerate(rows):
        middle = number * ROW + ROW / 2
        start, end = sorted((x.at(row.start), x.at(row.end)))
        kind = "total" if row.kind == "whole" else ""
        yield words(0, middle, fitted(row.label, x.start - GAP), kind or "label")
        yield box(start, middle - BAR / 2, end - start, BAR, row.kind)
        yield words(WIDTH, middle, row.text, kind or "amount", "end")
        if row is not rows[-1]:
            yield upright(x.at(row.end), middle + BAR / 2, middle + ROW - BAR / 2, "link")


def _scale(rows: Sequence[Row]) -> Scale:
    amounts = [Decimal(0), *(it for row in rows for it in (row.start, row.end))]
    low, high = min(amounts), max(amounts)
    end = WIDTH - max(width_of(it.text) for it in rows) - GAP
    start = min(LABELS, max(width_of(it.label) for it in rows)) + GAP
    start = max(min(start, end - BARS), 0)
    return Scale(low, high if high > low else low + 1, start, end)
