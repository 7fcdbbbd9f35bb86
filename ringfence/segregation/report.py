"""A report of segregation: made, written in one form only, hashed, read again.

Its form is that of RFC 8785, so that whoever writes the same report writes the same bytes. Its hash
is of all but the signature, and the next report names it.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rfc8785
from eth_utils.crypto import keccak
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ringfence.exceptions import RingfenceError
from ringfence.segregation.computation import computed
from ringfence.segregation.examination import examined
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
    "Prices do not enter but where failures are tried, and there whatever the oracle says.",
    "Transfers are as the node told them: only their sums are tied to the state's root.",
    "What tokens that the market does not list may claim is counted, and proves nothing.",
    "Slots of a token are proven, and that they are its balances is what the token told the node.",
)


class NoReport(RingfenceError):
    """A file is no report."""


def evidence(market: Market, books: Books, read: BlockReader) -> Json:
    """Return what a node and the books of the same block tell, and what follows from it."""
    told = gathered(market, books, read)
    return told | {"computation": computed(told), "failures": failures(market, told)}


def proven(told: Json, proof: list[bytes] | None, build: bytes, about: Json) -> Json:
    """Return the report of some evidence.

    :param proof: nodes that prove it; None where a node gives none.
    :param build: code of a vault as compiled, without what its constructor fixes.
    :param about: what made it, and its place among the reports.
    """
    nodes = None if proof is None else ["0x" + it.hex() for it in proof]
    fixed = {"form": FORM, "proof": nodes, "limits": list(LIMITS), "signature": None}
    report = told | about | fixed
    return report | {"checks": [it.json() for it in examined(report, build)]}


def proof_of(market: Market, told: Json) -> list[bytes] | None:
    """Ask the node to prove evidence; None if it proves nothing at all."""
    block = told["block"]["number"]
    if not gives_proofs(market.provider, block):
        return None
    return collected(market.provider, wanted(told), block)


# -- From report to report ------------------------------------------------------------------------


def following(previous: Json | None, asof: str | None) -> Json:
    """Return the place of a report among the others.

    :param previous: the report before it; None if it is the first.
    :param asof: day whose cutoff it is of, if it is one's. [YYYY-MM-DD]
    """
    number = 1 if previous is None else previous["number"] + 1
    link = None if previous is None else link_to(previous)
    return {"number": number, "asof": asof, "previous": link}


def link_to(previous: Json) -> Json:
    """Return how a report names the one before it."""
    named = {name: previous[name] for name in ("number", "asof")}
    return named | {"hash": hash_of(previous), "block": previous["block"]["number"]}


def breaks_between(previous: Json, report: Json) -> list[str]:
    """Return why a report does not follow another one; nothing if it does."""
    told = report["previous"]
    if told is None:
        return [f"report {report['number']} names none before it"]
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
    if told["block"] > report["block"]["number"]:
        faults.append(f"it is of block {report['block']['number']}, the one before of a later one")
    if told["asof"] and report["asof"]:
        expected = date.fromisoformat(told["asof"]) + timedelta(days=1)
        if expected.isoformat() != report["asof"]:
            faults.append(f"it is as of {report['asof']}, and none is as of {expected}")
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
        report: Json = json.loads(raw)
    except OSError as error:
        raise NoReport(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise NoReport(f"{path} is no JSON: {error}") from None
    problem = problem_of(report)
    if problem is not None:
        raise NoReport(f"{path}: {problem}")
    if canonical(report) != raw:
        raise NoReport(f"{path} is not written as RFC 8785 says; somebody has written it anew")
    return report


def problem_of(report: Json) -> str | None:
    """Return where and how a report is not of the form that its schema describes."""
    error = next(_validator().iter_errors(report), None)
    if error is not None:
        return f"{'/'.join(map(str, error.absolute_path)) or 'it'}: {error.message[:200]}"
    tokens = [it["token"] for it in report["tokens"]]
    sides = [it[side]["balances"] for it in report["vaults"] for side in ("chain", "books")]
    if any(it.keys() != set(tokens) for it in (*sides, *report["pool"]["holdings"].values())):
        return "balances are of other tokens than it names"
    return None


def schema() -> Json:
    """Return the JSON Schema of a report."""
    text = (resources.files(__package__) / SCHEMA).read_text(encoding="utf-8")
    found: Json = json.loads(text)
    return found


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())
