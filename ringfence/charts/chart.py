"""A chart and the figure that shows it: picture, what it says in words, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ringfence.charts.svg import shown

NUMBER = re.compile(r"[-+]?[\d,]+(\.\d+)?( %| [A-Za-z]+)?")


@dataclass(frozen=True)
class Chart:
    """A picture with the same in words and as a table."""

    title: str
    summary: str  # what the picture says: the figures that matter
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  # as shown; the first cell names its row
    note: str = ""  # what the table leaves out


def figure(chart: Chart) -> str:
    """Write a chart as HTML: the picture, and folded under it the same in words and numbers."""
    return (
        f'<figure class="chart"><figcaption>{shown(chart.title)}</figcaption>\n'
        f'<div class="plot">{chart.svg}</div>\n'
        f"<details><summary>Figures as a table</summary>{_table(chart)}</details></figure>\n"
    )


def _table(chart: Chart) -> str:
    head = "".join(
        f'<th scope="col"{_kind(chart, at)}>{shown(it)}</th>' for at, it in enumerate(chart.columns)
    )
    words = f"{chart.summary} {chart.note}".rstrip()
    if not chart.rows:
        return f"<p>{shown(words)}</p>"
    name = shown(f"{chart.title}, figures")
    return (
        f"<p>{shown(words)}</p>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>"
        + "\n".join(map(_row, chart.rows))
        + "</tbody></table></div>"
    )


def _row(row: Sequence[str]) -> str:
    name, *cells = row
    return f'<tr><th scope="row">{shown(name)}</th>{"".join(map(_cell, cells))}</tr>'


def _cell(text: str) -> str:
    kind = ' class="number"' if NUMBER.fullmatch(text) else ""
    return f"<td{kind}>{shown(text)}</td>"


def _kind(chart: Chart, column: int) -> str:
    """Set the head of a column of numbers above them."""
    is_number = column and any(NUMBER.fullmatch(row[column]) for row in chart.rows)
    return ' class="number"' if is_number else ""
