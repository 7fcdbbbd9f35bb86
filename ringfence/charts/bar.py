"""A single share as a bar, to stand beside the number it shows."""

from __future__ import annotations

from decimal import Decimal

from ringfence.charts.histogram import Tone
from ringfence.charts.svg import coordinate, shown


def bar(share: Decimal, text: str, tone: Tone = "plain") -> str:
    """Write a share of 0 to 1 as a bar on a thin track; `text` says it to who does not see it."""
    filled = float(min(max(share, Decimal(0)), Decimal(1))) * 100
    return (
        f'<svg class="bar {tone}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img"'
        f' aria-label="{shown(text)}"><rect class="whole" y="2" width="100" height="2"/>'
        f'<rect class="part" width="{coordinate(filled)}" height="6"/></svg>'
    )
