"""Says which line and which shape means what."""

from __future__ import annotations

from collections.abc import Sequence

from ringfence.charts.series import Mark, Series
from ringfence.charts.svg import LINE, WIDTH, coordinate, fitted, level, path, width_of, words

Entry = tuple[str, str]  # class of a line or tone of a shape, and what it means

SHAPES = {
    "in": "l7 12h-14z",
    "out": "h14l-7 12z",
    "bad": "l12 12m0-12l-12 12",
    "plain": "l7 7-7 7-7-7z",
}
STARTS = {"in": (0, -7), "out": (-7, -5), "bad": (-6, -6), "plain": (0, -7)}
MEANINGS = {"in": "paid in", "out": "paid out", "bad": "loss or liquidation", "plain": "event"}
LINES = 4  # ways to draw one
SAMPLE = 26  # room for a sample before its name
GAP = 18  # between entries


def style_of(number: int) -> str:
    """Return the classes of the line of a series."""
    return f"line {colour_of(number)}"


def colour_of(number: int) -> str:
    """Return the class that gives a series its colour."""
    return f"s{number % LINES + 1}"


def shape(tone: str, x: float, y: float, title: str = "") -> str:
    """Draw a shape: each tone has its own, so that colour alone tells nothing."""
    right, down = STARTS[tone]
    return path(
        f"M{coordinate(x + right)} {coordinate(y + down)}{SHAPES[tone]}", f"mark {tone}", title
    )


def entries_of(series: Sequence[Series], marks: Sequence[Mark]) -> list[Entry]:
    """Name what is drawn; a single line needs no name."""
    named = [(style_of(number), it.name) for number, it in enumerate(series)]
    tones = [it for it in SHAPES if any(mark.tone == it for mark in marks)]
    return (named if len(series) > 1 or tones else []) + [(it, _meaning(it, marks)) for it in tones]


def _meaning(tone: str, marks: Sequence[Mark]) -> str:
    labels = {it.label for it in marks if it.tone == tone}
    return labels.pop() if len(labels) == 1 else MEANINGS[tone]


def legend(entries: Sequence[Entry], start: float) -> tuple[list[str], int]:
    """Set the entries in lines from `start` on; return them and how many lines there are."""
    parts, x, line = [], start, 0
    for kind, name in entries:
        name = fitted(name, WIDTH - SAMPLE)
        room = SAMPLE + width_of(name)
        if x and x + room > WIDTH:
            x, line = 0, line + 1
        middle = line * LINE + LINE / 2
        parts += [_sample(kind, x, middle), words(x + SAMPLE, middle, name)]
        x += room + GAP
    return parts, line + 1 if entries or start else 0


def _sample(kind: str, x: float, middle: float) -> str:
    if kind in SHAPES:
        return shape(kind, x + SAMPLE / 2, middle)
    return level(x, middle, x + SAMPLE - 6, kind)
