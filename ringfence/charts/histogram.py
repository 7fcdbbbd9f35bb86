"""How many there are of each kind: a bar for each, with its count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ringfence.charts.axes import Scale
from ringfence.charts.chart import Chart
from ringfence.charts.frame import nothing
from ringfence.charts.svg import WIDTH, box, fitted, path, picture, width_of, words
from ringfence.charts.unit import Unit

Tone = Literal["bad", "warn", "good", "plain"]

ROW = 30  # height
BAR = 14
ICON = 20  # room for what says the tone without colour
GAP = 12
LABELS = 200  # most room for labels
COUNT = Unit(places=0)
ICONS = {"bad": "l10 10m0-10l-10 10", "warn": "m5 0l5 10h-10z", "good": "m0 5l4 4 6-8"}


@dataclass(frozen=True)
class Bin:
    """How many there are of one kind."""

    label: str
    count: int
    tone: Tone = "plain"


def histogram(slug: str, title: str, bins: Sequence[Bin]) -> Chart:
    """Draw how many there are of each kind."""
    rows = tuple((it.label, COUNT.bare(Decimal(it.count))) for it in bins)
    told = ", ".join(f"{label}: {count}" for label, count in rows)
    summary = f"{told}." if told else "No figures."
    height, parts = (ROW * len(bins), list(_drawn(bins))) if bins else nothing()
    drawn = picture(slug, title, summary, height, parts)
    return Chart(title, summary, drawn, ("kind", "count"), rows)


def _drawn(bins: Sequence[Bin]) -> Iterator[str]:
    icon = ICON if any(it.tone in ICONS for it in bins) else 0
    widest = max(width_of(COUNT.bare(Decimal(it.count))) for it in bins)
    start = icon + min(LABELS, max(width_of(it.label) for it in bins)) + GAP
    most = max(1, *(it.count for it in bins))
    x = Scale(Decimal(0), Decimal(most), start, WIDTH - widest - GAP)
    for number, it in enumerate(bins):
        middle = number * ROW + ROW / 2
        if it.tone in ICONS:
            yield path(f"M2 {middle - 5:.0f}{ICONS[it.tone]}", f"icon {it.tone}")
        yield words(icon, middle, fitted(it.label, start - icon - GAP), "label")
        end = x.at(max(it.count, 0))
        if it.count > 0:
            yield box(start, middle - BAR / 2, end - start, BAR, it.tone)
        yield words(end + GAP / 2, middle, COUNT.bare(Decimal(it.count)), "amount")
