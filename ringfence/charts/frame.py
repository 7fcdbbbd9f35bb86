"""The frame that charts over an axis share: levels, their numbers, and what stands below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ringfence.charts.axes import Scale, ValueAxis
from ringfence.charts.legend import Entry, legend
from ringfence.charts.svg import LINE, WIDTH, level, width_of, words
from ringfence.charts.unit import Unit

PLOT = 176  # height of what is drawn
MARGIN = 10  # around it
RIGHT = 30  # so that half a label has room


@dataclass(frozen=True)
class Frame:
    """A place to draw in, and what is drawn around it."""

    left: float
    right: float
    top: float
    bottom: float
    height: float  # of the whole picture
    y: Scale
    parts: tuple[str, ...]

    def x(self, low: Decimal | int, high: Decimal | int) -> Scale:
        """Lay an axis below."""
        return Scale(Decimal(low), Decimal(high), self.left, self.right)


def frame(axis: ValueAxis, unit: Unit, entries: Sequence[Entry]) -> Frame:
    """Draw levels with their numbers, and above them the unit and what is what."""
    labels = unit.ticks(axis.ticks, axis.step)
    left = max(map(width_of, labels)) + MARGIN
    head, lines = legend(entries, width_of(unit.label) + MARGIN if unit.label else 0)
    top = lines * LINE + MARGIN
    bottom = top + PLOT
    y = axis.scale(bottom, top)
    right = WIDTH - RIGHT
    name = words(0, LINE / 2, unit.label, "unit") if unit.label else ""
    levels = _levels(axis, labels, y, left, right)
    return Frame(left, right, top, bottom, bottom + LINE + MARGIN, y, (name, *head, *levels))


def _levels(
    axis: ValueAxis, labels: Sequence[str], y: Scale, left: float, right: float
) -> Iterator[str]:
    for value, label in zip(axis.ticks, labels, strict=True):
        at = y.at(value)
        yield level(left, at, right, "rule" if value else "zero")
        yield words(left - MARGIN, at, label, anchor="end")


def below(place: Frame, x: Scale, ticks: Iterable[tuple[Decimal | int, str]]) -> Iterator[str]:
    """Write what stands below: labels that would leave the picture are left out."""
    for at, label in ticks:
        middle, half = x.at(at), width_of(label) / 2
        if middle - half >= 0 and middle + half <= WIDTH:
            yield words(middle, place.bottom + MARGIN + LINE / 2, label, anchor="middle")


def nothing(text: str = "No figures") -> tuple[float, list[str]]:
    """Return height and parts of a picture that says that there is nothing to draw."""
    return 3 * LINE, [words(WIDTH / 2, 1.5 * LINE, text, anchor="middle")]
