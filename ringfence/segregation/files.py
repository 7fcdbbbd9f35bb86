"""Reports in a folder, one after another: as JSON that counts, and as CSV and HTML to be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ringfence.exceptions import RingfenceError
from ringfence.segregation.form import canonical, hash_of, read_report
from ringfence.segregation.page import page
from ringfence.segregation.sheet import sheet
from ringfence.whole import put

Json = dict[str, Any]
NAME = "{chain_id}-{name}-{number:05}.json"


def place_of(report: Json, folder: Path) -> Path:
    """Return where a report belongs."""
    return folder / NAME.format(number=report["number"], **report["market"])


def reports_in(folder: Path, chain_id: int, name: str) -> list[Path]:
    """Return the reports of a market, the first one first."""
    pattern = re.compile(rf"{chain_id}-{re.escape(name)}-(\d{{5,}})\.json")
    found = {it: pattern.fullmatch(it.name) for it in folder.glob("*.json")}
    known = [(int(match[1]), it) for it, match in found.items() if match is not None]
    return [it for _, it in sorted(known)]


def latest_in(folder: Path, chain_id: int, name: str) -> Json | None:
    """Return the last report of a market; None before the first."""
    known = reports_in(folder, chain_id, name)
    return read_report(known[-1]) if known else None


def write(report: Json, path: Path) -> list[Path]:
    """Write a report, as JSON, CSV and HTML; one that is there already is not replaced.

    :raises RingfenceError: if there is one.
    """
    if path.exists():
        raise RingfenceError(f"{path} is there already; reports are not replaced")
    return rewrite(report, path)


def rewrite(report: Json, path: Path) -> list[Path]:
    """Write a report in the place of the same one without its signature."""
    texts = {
        path.with_suffix(".csv"): sheet(report).encode(),
        path.with_suffix(".html"): page(report).encode(),
        path: canonical(report),  # the last: where it is, all is
    }
    for place, content in texts.items():
        put(place, content)
    return list(texts)


def digest(report: Json) -> Json:
    """Return what a report comes to."""
    return {
        "number": report["number"],
        "hash": hash_of(report),
        "block": report["block"]["number"],
        "timestamp": report["block"]["timestamp"],
        "checks": [
            {name: it[name] for name in ("id", "title", "status")}
            for it in sorted(report["checks"], key=lambda it: not it["id"].startswith("P"))
        ],
    }
