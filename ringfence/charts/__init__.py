"""Small charts as SVG, made on the server: no script, no inline style, same input, same bytes."""

from __future__ import annotations

from importlib import resources

from ringfence.charts.area import area
from ringfence.charts.bar import bar
from ringfence.charts.chart import Chart, figure
from ringfence.charts.histogram import Bin, histogram
from ringfence.charts.ladder import ladder
from ringfence.charts.line import lines
from ringfence.charts.series import Mark, Series, Threshold
from ringfence.charts.unit import PERCENT, RATIO, Unit, money
from ringfence.charts.waterfall import waterfall

__all__ = [
    "PERCENT",
    "RATIO",
    "Bin",
    "Chart",
    "Mark",
    "Series",
    "Threshold",
    "Unit",
    "area",
    "bar",
    "figure",
    "histogram",
    "ladder",
    "lines",
    "money",
    "stylesheet",
    "waterfall",
]


def stylesheet() -> str:
    """Return the style of our pages, then of the charts in them."""
    place = resources.files(__package__)
    return "\n".join((place / it).read_text(encoding="utf-8") for it in ("page.css", "charts.css"))
