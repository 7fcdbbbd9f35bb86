"""Whether a report holds: from the report alone, or by making it once more from a node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from ringfence.exceptions import RingfenceError
from ringfence.ledger.cutoff import moment_of
from ringfence.segregation.chain import breaks_between, breaks_in
from ringfence.segregation.checks import PASS, SKIPPED, TOLD, Check
from ringfence.segregation.examination import Builds, examined
from ringfence.segregation.report import LIMITS

Json = dict[str, Any]
WORD_ONLY = ("places", "P4", "P5", "P6", "P7")  # checks of what no root of a state proves
AGAIN = (  # what a node tells once more
    "market",
    "block",
    "registry",
    "tokens",
    "pool",
    "vaults",
    "transfers",
    "allowances",
    "strangers",
    "computation",
    "failures",
)
MOST_TOLD = 20  # differences


def verified(report: Json, builds: Builds) -> list[Check]:
    """Return what a report shows by itself, and whether it says the same."""
    found = examined(report, builds)
    return [*found, agreeing_claims(report, found)]


def agreeing_claims(report: Json, found: list[Check]) -> Check:
    """Compare what a report says that it shows with what it does."""
    faults = []
    if report["checks"] != [it.json() for it in found]:
        told = {it["id"]: it["status"] for it in report["checks"]}
        differing = [
            f"{it.id} is {it.status}, and told {told.get(it.id, 'nothing')}"
            for it in found
            if told.get(it.id) != it.status
        ]
        faults += differing or ["its checks are told in other words than they have"]
    if report["limits"] != list(LIMITS):
        faults.append("it does not say what it does not show")
    return Check.of("claims", "The report says what it shows", f"{len(found)} checks", faults)


def as_told(checks: list[Check], has_block: bool) -> list[Check]:
    """Return checks as somebody may say them who asked no node: some are the report's word only.

    :param has_block: whether he knows the block by its hash: around a root anybody can put another
        number and another time.
    """
    told = WORD_ONLY if has_block else (*WORD_ONLY, "block")
    return [
        replace(it, status=TOLD) if it.status == PASS and it.id in told else it for it in checks
    ]


def as_asked(checks: list[Check], has_tried: bool) -> list[Check]:
    """Return checks as somebody may say them whom a node told the same.

    :param has_tried: whether the node's chain could be copied, for vaults to fail.
    """
    return [_as_asked(it, has_tried) for it in checks]


def _as_asked(check: Check, has_tried: bool) -> Check:
    if check.id == "P7" and check.status == PASS and not has_tried:
        return replace(check, status=SKIPPED, evidence=f"{check.evidence}, not tried here")
    if check.id == "block" and check.status == SKIPPED:
        return replace(check, status=PASS, evidence="as the node tells")
    return check


def rooted(report: Json, known: str | None) -> Check:
    """Compare the block of a report with what somebody else knows of it.

    :param known: root of its state, or its hash if the report has the header; None if unknown.
    """
    block, title = report["block"], "The state's root is the block's"
    if known is None:
        why = f"nobody else says that {block['state_root']} is the root; give it with --state-root"
        return Check.skipped("root", title, why)
    names = ("state_root",) if block["header"] is None else ("state_root", "hash")
    is_known = known.lower() in [block[it] for it in names]
    faults = [] if is_known else [f"the report says {block['state_root']}, and it is {known}"]
    return Check.of("root", title, known, faults)


def dated(report: Json, last_until: Callable[[int], int] | None = None) -> Check:
    """Look whether a report of a day is of its last block until the cutoff.

    :param last_until: tells the number of that block; None without a node.
    """
    id, title, asof, block = "asof", "The block is that of its day", report["asof"], report["block"]
    if asof is None:
        return Check.of(id, title, "it is of no day's", [])
    moment = moment_of(asof["day"], asof["cutoff"])
    faults = []
    if block["timestamp"] > moment:
        faults.append(f"the block is {block['timestamp'] - moment} s later than the cutoff")
    if last_until is not None:
        faults += _other_block(block["number"], moment, last_until)
    check = Check.of(id, title, f"{asof['day']} {asof['cutoff']}", faults)
    return replace(check, status=TOLD) if last_until is None and not faults else check


def _other_block(number: int, moment: int, last_until: Callable[[int], int]) -> Iterator[str]:
    try:
        last = last_until(moment)
    except RingfenceError as error:  # there is none yet, or there never was
        yield str(error)
        return
    if last != number:
        yield f"the last block until then is {last}"


def repeated(report: Json, again: Json) -> Check:
    """Compare a report with one of the same block that was made from a node."""
    one, other = _both(report, again)
    faults = [fault for it in AGAIN for fault in differences(one[it], other[it], it)]
    if len(faults) > MOST_TOLD:
        faults = [*faults[:MOST_TOLD], f"and {len(faults) - MOST_TOLD} more"]
    return Check.of("node", "A node tells the same", f"block {report['block']['number']}", faults)


def _both(report: Json, again: Json) -> tuple[Json, Json]:
    """Return both without what only one of two nodes was able to tell."""
    one, other = ({name: deepcopy(it[name]) for name in AGAIN} for it in (report, again))
    if None in (one["failures"], other["failures"]):
        one["failures"] = other["failures"] = None
    if None in (one["block"]["header"], other["block"]["header"]):
        one["block"]["header"] = other["block"]["header"] = None
    for mine, its in zip(one["tokens"], other["tokens"], strict=False):
        if None in (mine["place"], its["place"]):
            mine["place"] = its["place"] = None
    return one, other


def chained(reports: list[Json]) -> Check:
    """Look whether reports follow one another, none left out."""
    faults = [fault for it in reports for fault in breaks_in(it)]
    for previous, report in zip(reports, reports[1:], strict=False):
        faults += breaks_between(previous, report)
    first, last = reports[0]["number"], reports[-1]["number"]
    evidence = f"reports {first} to {last}" + ("" if first == 1 else ", those before are not here")
    return Check.of("chain", "No report is missing", evidence, faults)


def differences(told: Any, found: Any, at: str) -> Iterator[str]:
    """Yield where two parts of a report differ, by their place in it."""
    if isinstance(told, dict) and isinstance(found, dict) and told.keys() == found.keys():
        for name in told:
            yield from differences(told[name], found[name], f"{at}/{name}")
    elif isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        for number, (one, other) in enumerate(zip(told, found, strict=True)):
            yield from differences(one, other, f"{at}/{number}")
    elif isinstance(told, list) and isinstance(found, list):
        yield f"{at}: the report has {len(told)}, the node {len(found)}"
    elif told != found:
        yield f"{at}: the report says {told}, the node {found}"
