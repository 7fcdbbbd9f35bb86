"""Whether a report holds: from the report alone, or by making it once more from a node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringfence.segregation.checks import Check
from ringfence.segregation.examination import examined
from ringfence.segregation.report import breaks_between, breaks_in

Json = dict[str, Any]
TOLD = (  # what a node tells once more
    "market",
    "block",
    "registry",
    "tokens",
    "pool",
    "vaults",
    "transfers",
    "allowances",
    "computation",
    "failures",
)
MOST_TOLD = 20  # differences


def verified(report: Json, build: bytes) -> list[Check]:
    """Return what a report shows by itself, and whether it says the same."""
    found = examined(report, build)
    return [*found, agreeing_claims(report, found)]


def agreeing_claims(report: Json, found: list[Check]) -> Check:
    """Compare what a report says that it shows with what it does."""
    told = {it["id"]: it for it in report["checks"]}
    faults = [f"{it} is told, and is no check" for it in told.keys() - {it.id for it in found}]
    for check in found:
        if check.json() != told.get(check.id):
            claim = told.get(check.id, {}).get("status", "nothing")
            faults.append(f"{check.id} is {check.status}, and the report says otherwise ({claim})")
    return Check.of("claims", "The report says what it shows", f"{len(found)} checks", faults)


def rooted(report: Json, root: str | None) -> Check:
    """Compare the state's root of a report with that of the block, as somebody else knows it."""
    told, title = report["block"]["state_root"], "The state's root is the block's"
    if root is None:
        why = f"nobody else says that {told} is the root; give it with --state-root"
        return Check.skipped("root", title, why)
    faults = [] if root.lower() == told else [f"the report says {told}, and it is {root}"]
    return Check.of("root", title, root, faults)


def repeated(report: Json, again: Json) -> Check:
    """Compare a report with one of the same block that was made from a node."""
    wanted = [it for it in TOLD if it != "failures" or again["failures"] is not None]
    faults = [fault for it in wanted for fault in differences(report[it], again[it], it)]
    if len(faults) > MOST_TOLD:
        faults = [*faults[:MOST_TOLD], f"and {len(faults) - MOST_TOLD} more"]
    return Check.of("node", "A node tells the same", f"block {report['block']['number']}", faults)


def chained(reports: list[Json]) -> Check:
    """Look whether reports follow one another, none left out."""
    faults = [fault for it in reports for fault in breaks_in(it)]
    for previous, report in zip(reports, reports[1:], strict=False):
        faults += breaks_between(previous, report)
    numbers = ", ".join(str(it["number"]) for it in reports)
    return Check.of("chain", "No report is missing", f"reports {numbers}", faults)


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
