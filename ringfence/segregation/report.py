"""A report of segregation: made, written in one form only, hashed, read again.

Its form is that of RFC 8785, so that whoever writes the same report writes the same bytes. Its hash
is of all but the signature, and the next report names it.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rfc8785
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ringfence.exceptions import RingfenceError
from ringfence.market import PARTS
from ringfence.segregation.computation import computed
from ringfence.segregation.examination import Builds, examined
from ringfence.segregation.failures import failures
from ringfence.segregation.gathering import gathered
from ringfence.segregation.proofs import collected, gives_proofs
from ringfence.segregation.state import wanted

if TYPE_CHECKING:
    from ringfence.ledger.fold import Books
    from ringfence.market import Market
    from ringfence.reading import BlockReader

Json = dict[str, Any]
FORM = "ringfence/segregation-report/1"
SCHEMA = "schema.json"
LIMITS = (
    "Legal title, promises made elsewhere, and who holds the keys of an owner are not looked at.",
    "Tokens are taken as their contracts tell them: whoever issues one may freeze or change it.",
    "Which slots of a token are its balances is what the token told the node; a node repeats it.",
    "Parameters of the market are not looked at; ringfence deploy CONFIG --check compares them.",
    "Transfers, kinds and allowances are as a node told them: the state's root proves sums only.",
    "That vaults were made to fail is told, and only who has a node can try it again.",
    "Which factory is meant, and which block has the root, somebody else has to say.",
    "What tokens that the market does not list may claim is counted, and proves nothing.",
    "The CSV and the page are made from the report, and only the report is verified.",
)
# What a report that was put together by somebody else may hold at most.
DEPTH, PARTS_AT_MOST, MEGABYTES = 50, 3_000_000, 1_000


class NoReport(RingfenceError):
    """A file is no report."""


def evidence(market: Market, books: Books, read: BlockReader) -> Json:
    """Return what a node and the books of the same block tell, and what follows from it."""
    told = gathered(market, books, read)
    return told | {"computation": computed(told), "failures": failures(market, told)}


def proven(told: Json, proof: list[bytes] | None, builds: Builds, about: Json) -> Json:
    """Return the report of some evidence.

    :param proof: nodes that prove it; None where a node gives none.
    :param builds: code of each part as compiled, without what its constructor fixes.
    :param about: what made it, and its place among the reports.
    """
    nodes = None if proof is None else ["0x" + it.hex() for it in proof]
    fixed = {"form": FORM, "proof": nodes, "limits": list(LIMITS), "signature": None}
    report = told | about | fixed
    return report | {"checks": [it.json() for it in examined(report, builds)]}


def builds_of(project: Any) -> Builds:
    """Return the code of each part of a market as compiled in a project."""
    return {
        part: bytes(getattr(project, contract).contract_type.get_runtime_bytecode())
        for part, contract in PARTS.items()
    }


def proof_of(market: Market, told: Json) -> list[bytes] | None:
    """Ask the node to prove evidence; None if it proves nothing at all."""
    block = told["block"]["number"]
    if not gives_proofs(market.provider, block):
        return None
    return collected(market.provider, wanted(told), block)


# -- From report to report ------------------------------------------------------------------------


def following(previous: Json | None, asof: Json | None) -> Json:
    """Return the place of a report among the others.

    :param previous: the report before it; None if it is the first.
    :param asof: day and cutoff that it is of, if it is of a day's. [YYYY-MM-DD, HH:MMZ]
    """
    number = 1 if previous is None else previous["number"] + 1
    link = None if previous is None else link_to(previous)
    return {"number": number, "asof": asof, "previous": link}


def link_to(previous: Json) -> Json:
    """Return how a report names the one before it, and the last day that there is a report of."""
    last = previous["asof"] or previous["previous"] or {}
    return {
        "number": previous["number"],
        "day": last.get("day"),
        "hash": hash_of(previous),
        "block": previous["block"]["number"],
    }


def breaks_between(previous: Json, report: Json) -> list[str]:
    """Return why a report does not follow another one; nothing if it does."""
    told = report["previous"]
    if told is None:
        return [f"report {report['number']} names none before it"]
    one, other = (
        (it["market"]["chain_id"], it["market"]["contracts"]["factory"])
        for it in (previous, report)
    )
    if one != other:
        return [f"report {report['number']} is of another market than the one before it"]
    return [
        f"report {report['number']} follows one whose {name} is {told[name]}, and not {found}"
        for name, found in link_to(previous).items()
        if told[name] != found
    ]


def breaks_in(report: Json) -> list[str]:
    """Return why a report cannot follow the one that it names: a day between them is missing."""
    told = report["previous"]
    if told is None:
        return [] if report["number"] == 1 else [f"report {report['number']} names none before it"]
    faults = []
    if told["number"] + 1 != report["number"]:
        faults.append(f"report {report['number']} follows report {told['number']}")
    if report["asof"] is None and told["block"] > report["block"]["number"]:
        faults.append(f"it is of block {report['block']['number']}, the one before of a later one")
    if told["day"] and report["asof"]:
        day = report["asof"]["day"]
        expected = date.fromisoformat(told["day"]) + timedelta(days=1)
        if expected.isoformat() != day:
            faults.append(f"it is as of {day}, and the one before as of {told['day']}")
    return faults


# -- As bytes --------------------------------------------------------------------------------------


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
    problem = _problem_in(raw)
    if problem is not None:
        raise NoReport(f"{path}: {problem}")
    report: Json = json.loads(raw)
    return report


def _problem_in(raw: bytes) -> str | None:
    if len(raw) > MEGABYTES * 10**6:
        return f"it has {len(raw):,} bytes, and a report has at most {MEGABYTES:,} megabytes"
    if not _is_modest(raw):
        return "it is no report: it has too many parts, or parts within parts too often"
    try:
        report = json.loads(raw)
        problem = problem_of(report)
        if problem is None and canonical(report) != raw:
            problem = "it is not written as RFC 8785 says; somebody has written it anew"
    except (ValueError, RecursionError) as error:
        return f"it is no JSON of a report: {error}"[:200]
    return problem


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


def problem_of(report: Json) -> str | None:
    """Return where and how a report is not of the form that its schema describes."""
    error = next(_validator().iter_errors(report), None)
    if error is not None:
        return f"{'/'.join(map(str, error.absolute_path)) or 'it'}: {error.message[:200]}"
    if b'\\n"' in canonical(report):
        return "a text of it ends with a line break"
    odd = next((it for it in _addresses(report) if to_checksum_address(it) != it), None)
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


def _addresses(report: Json) -> set[str]:
    """Return everything in a report that looks like an address."""
    found = re.findall(rb'"(0x[0-9a-fA-F]{40})"', canonical(report))
    return {it.decode() for it in found}


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
