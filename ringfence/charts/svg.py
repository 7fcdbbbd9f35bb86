"""The few elements of SVG that our charts are made of; how they look is said in charts.css."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape

from ringfence.market import printable

WIDTH = 480  # of every picture; its text is readable at 340 px and calm at 800 px
LETTER = 9.9  # width of a letter at the largest text that charts.css sets
SLACK = 0.1  # room that rounding may take away
HAIR = 2  # least size of a box
LINE = 22  # from one line of text to the next


def shown(text: str) -> str:
    """Escape a text for HTML and XML: names are whatever strangers chose."""
    return escape(printable(text))


def coordinate(at: float) -> str:
    """Write a place to a tenth: finer is not seen, and would not be the same everywhere."""
    text = f"{at:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def width_of(text: str) -> float:
    """Estimate the width of a text, rather too wide: fonts differ."""
    wide = sum(unicodedata.east_asian_width(it) in "WF" for it in text)
    return (len(text) + wide * 0.7) * LETTER


def fitted(text: str, room: float) -> str:
    """Shorten a text to the room there is."""
    text = printable(text)
    if width_of(text) <= room + SLACK:
        return text
    while text and width_of(text) + LETTER > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def words(x: float, y: float, text: str, kind: str = "", anchor: str = "") -> str:
    """Set a text, centred on `y`."""
    attributes = _class(kind) + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{coordinate(x)}" y="{coordinate(y)}"{attributes}>{shown(text)}</text>'


def path(places: str, kind: str, title: str = "") -> str:
    """Draw a path; `title` is told when pointed at."""
    start = f'<path{_class(kind)} d="{places}"'
    return f"{start}><title>{shown(title)}</title></path>" if title else f"{start}/>"


def level(x: float, y: float, end: float, kind: str) -> str:
    """Draw a level line."""
    return path(f"M{coordinate(x)} {coordinate(y)}H{coordinate(end)}", kind)


def upright(x: float, y: float, end: float, kind: str) -> str:
    """Draw an upright line."""
    return path(f"M{coordinate(x)} {coordinate(y)}V{coordinate(end)}", kind)


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    """Draw a filled box; one without a size is drawn as a hairline."""
    size = f'width="{coordinate(max(width, HAIR))}" height="{coordinate(max(height, HAIR))}"'
    return f'<rect{_class(kind)} x="{coordinate(x)}" y="{coordinate(y)}" {size}/>'


def dot(x: float, y: float, kind: str) -> str:
    """Draw a dot."""
    return f'<circle{_class(kind)} cx="{coordinate(x)}" cy="{coordinate(y)}" r="4"/>'


def picture(slug: str, title: str, summary: str, height: float, parts: Iterable[str]) -> str:
    """Put a picture together; `slug` sets its ids apart from others on the page."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", slug)
    return (
        f'<svg viewBox="0 0 {WIDTH} {coordinate(height)}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{shown(title)}</title>'
        f'<desc id="{name}-desc">{shown(summary)}</desc>' + "".join(parts) + "</svg>"
    )


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
