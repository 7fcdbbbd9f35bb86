"""The forms in which a statement is written; the same facts give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import rfc8785
from eth_utils.crypto import keccak

from ringfence.cells import inert

Facts = dict[str, Any]
COLUMNS = (
    "block",
    "timestamp",
    "transaction",
    "of",
    "kind",
    "symbol",
    "token",
    "amount",
    "value",
    "counterparty",
)
NUMBERS = ("amount", "value")  # of them, those that may begin with -


def exact(value: Any) -> Any:
    """Return facts with amounts as texts, exact to the last digit."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {name: exact(it) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [exact(it) for it in value]
    return value


def as_json(facts: Facts) -> bytes:
    """Write a statement as RFC 8785 says: these are the bytes to sign."""
    return rfc8785.dumps(exact(facts))


def written_json(facts: Facts) -> bytes:
    """Write facts as JSON for programs, with line breaks for people."""
    return (json.dumps(exact(facts), indent=1) + "\n").encode()


def hash_of(facts: Facts) -> str:
    """Return the hash of a statement. [hex]"""
    return "0x" + keccak(as_json(facts)).hex()


def as_csv(facts: Facts) -> bytes:
    """Write the movements of a statement, a line for each."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in exact(facts["movements"]):
        cells = {name: it if name in NUMBERS else inert(it) for name, it in row.items()}
        writer.writerow(cells)
    return text.getvalue().encode()
