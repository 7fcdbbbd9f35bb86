"""The one form in which a report is written, hashed, and read again.

It is that of RFC 8785, so that whoever writes the same report writes the same bytes. A report may
come from anybody, so whatever is no report is refused before anything is made of it.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import rfc8785
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ringfence.exceptions import RingfenceError

Json = dict[str, Any]
SCHEMA = "schema.json"
DEPTH, PARTS_AT_MOST, MEGABYTES = 50, 3_000_000, 1_000  # of a file that is read


class NoReport(RingfenceError):
    """A file is no report."""


def hash_of(report: Json) -> str:
    """Return the hash of a report without its signature. [hex]"""
    return "0x" + keccak(canonical(report | {"signature": None})).hex()


def canonical(report: Json) -> bytes:
    """Write a report as RFC 8785 says."""
    return rfc8785.dumps(report)


def read_report(path: Path) -> Json:
    """Read a report.

    :raises NoReport: if it is none, or not written as it has to be; naming what is wrong.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise NoReport(f"{path}: {error.strerror}") from None
    if len(raw) > MEGABYTES * 10**6:
        raise NoReport(
            f"{path}: it has {len(raw):,} bytes, and a report has at most {MEGABYTES:,} megabytes"
        )
    if not _is_modest(raw):
        raise NoReport(
            f"{path}: it is no report: it has too many parts, or parts within parts too often"
        )
    try:
        report: Json = json.loads(raw)
        problem = problem_of(report, raw)
    except (ValueError, RecursionError) as error:
        problem = f"it is no JSON of a report: {error}"[:200]
    if problem is not None:
        raise NoReport(f"{path}: {problem}")
    return report


def _is_modest(raw: bytes) -> bool:
    """Tell whether it can be read without harm; brackets in texts count as well."""
    depth = parts = 0
    for it in re.finditer(rb"[\[{\]}]", raw):
        is_begin = it[0] in b"[{"
        depth += 1 if is_begin else -1
        parts += is_begin
        if depth > DEPTH or parts > PARTS_AT_MOST:
            return False
    return True


def problem_of(report: Json, raw: bytes | None = None) -> str | None:
    """Return where and how a report is not of the form that its schema describes.

    :param raw: as which it was found written; None if it was not.
    """
    error = next(_validator().iter_errors(report), None)
    if error is not None:
        return f"{'/'.join(map(str, error.absolute_path)) or 'it'}: {error.message[:200]}"
    written = canonical(report)
    if raw is not None and raw != written:
        return "it is not written as RFC 8785 says; somebody has written it anew"
    if b'\\n"' in written:
        return "a text of it ends with a line break"
    odd = next((it for it in _addresses(written) if to_checksum_address(it) != it), None)
    if odd is not None:
        return f"{odd} is not written with the letters of its checksum"
    tokens = [it["token"] for it in report["tokens"]]
    sides = [it[side]["balances"] for it in report["vaults"] for side in ("chain", "books")]
    told = (*sides, *report["pool"]["holdings"].values())
    unlisted = [it["token"] for it in report["tokens"] if it["index"] is None]
    numbers = [it["index"] for it in report["tokens"] if it["index"] is not None]
    asset = report["market"]["asset"]
    if asset not in tokens or unlisted not in ([], [asset]) or len(set(numbers)) != len(numbers):
        return "its tokens are not the credit asset and those that are listed, each once"
    if len(set(tokens)) != len(tokens) or any(it.keys() != set(tokens) for it in told):
        return "balances are of other tokens than it names"
    days = (it["day"] for it in (report["asof"], report["previous"]) if it and it["day"])
    return next((f"{it} is no day" for it in days if not _is_day(it)), None)


def _addresses(written: bytes) -> set[str]:
    """Return everything in a report that looks like an address."""
    return {it.decode() for it in re.findall(rb'"(0x[0-9a-fA-F]{40})"', written)}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text < "9999-12-31"
    except ValueError:
        return False


def schema() -> Json:
    """Return the JSON Schema of a report."""
    text = (resources.files(__package__) / SCHEMA).read_text(encoding="utf-8")
    found: Json = json.loads(text)
    return found


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())
