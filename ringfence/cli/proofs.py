"""What the commands of segregation do: read reports, ask nodes, tell what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from ringfence.carried import contracts, origin_of
from ringfence.cli import exits
from ringfence.cli.asof import one_block
from ringfence.cli.desk import Desk
from ringfence.cli.facts import tell as tell_facts
from ringfence.cli.ledger import books_of
from ringfence.exceptions import RingfenceError
from ringfence.ledger.cutoff import last_block_until
from ringfence.ledger.entries import Block
from ringfence.ledger.node import Node
from ringfence.segregation import files
from ringfence.segregation.chain import breaks_in, following
from ringfence.segregation.checks import FAIL, SKIPPED, TOLD, Check
from ringfence.segregation.form import NoReport, hash_of, read_report
from ringfence.segregation.report import builds_of, evidence
from ringfence.segregation.verification import as_asked, as_told, dated, repeated, rooted, verified

Json = dict[str, Any]
HOME = Path("out", "segregation")  # of reports, unless another folder is named
MOST_SHOWN = 10  # faults and notes of a check, for people


def read(path: Path) -> Json:
    """Read a report; what is none does not prove anything."""
    try:
        return read_report(path)
    except NoReport as error:
        raise mismatch(str(error)) from None


def mismatch(message: str) -> click.ClickException:
    """Return the end of a command whose report cannot hold."""
    failure = click.ClickException(message)
    failure.exit_code = exits.PROOF_MISMATCH
    return failure


def looked_at(report: Json, again: Json | None, root: str | None) -> list[Check]:
    """Return what a report shows.

    :param again: what a node tells of the same block; None if none was asked.
    :param root: of the block's state, or the block's hash, as somebody else knows it.
    """
    found = verified(report, builds_of(contracts()))
    if again is None:
        has_block = root is not None and root.lower() == report["block"]["hash"]
        return [*as_told(found, has_block), rooted(report, root), dated(report)]
    last_until = partial(last_block_until, Node(contracts().provider))
    return [
        *as_asked(found, has_tried=again["failures"] is not None),
        repeated(report, again),
        rooted(report, root or again["block"]["state_root"]),
        dated(report, last_until),
    ]


def meant(report: Json, factory: str | None) -> Check:
    """Look whether a report is of the market that is meant.

    :param factory: of that market; None if nobody says.
    """
    market = report["market"]
    told = market["contracts"]["factory"]
    faults = [] if factory in (None, told) else [f"it is of factory {told}, not of {factory}"]
    evidence = f"{market['name']}, chain {market['chain_id']}, factory {told}"
    check = Check.of("market", "The market is the one that is meant", evidence, faults)
    return replace(check, status=TOLD) if factory is None else check


def check_place(desk: Desk, previous: Json | None, asof: Json | None) -> None:
    """Refuse what cannot follow the last report; warn of a day that is missing."""
    if previous is None:
        return
    factory, told = str(desk.market.factory.address), previous["market"]["contracts"]["factory"]
    if told != factory:
        raise RingfenceError(f"the reports there are of factory {told}; choose another --out")
    if not _has(Node(desk.market.provider), previous):
        raise RingfenceError(
            f"this chain does not have block {previous['block']['number']} as report"
            f" {previous['number']} there tells it: choose another --out, or move that report away"
        )
    block, number = previous["block"]["number"], desk.read.number
    if asof is None and number < block:
        raise RingfenceError(f"there is a report of block {block}; name a later one than {number}")
    place = following(previous, asof)
    day = place["previous"]["day"]
    if asof is not None and day is not None and asof["day"] <= day:
        raise RingfenceError(f"there is a report of {day}; name a later day")
    for fault in breaks_in(place | {"block": {"number": number}}):
        click.echo(f"a day is missing for good: {fault}", err=True)


def once_more(desk: Desk, report: Json, url: str | None) -> Json:
    """Gather from the node what a report tells."""
    number, head = report["block"]["number"], desk.read.number
    if number > head:
        raise mismatch(f"it is of block {number}, and the node's latest is {head}")
    desk = replace(desk, block=number)
    with one_block(desk):
        return evidence(desk.market, books_of(desk, url), desk.read)


def tell(
    reports: Mapping[str, Json], found: Mapping[str, Sequence[Check]], form: str | None
) -> None:
    """Say what each report shows: a line for each check, and what is wrong or to be known of it."""
    facts = [
        {
            "report": path,
            "number": report["number"],
            "block": report["block"]["number"],
            "hash": hash_of(report),
            "checks": [it.json() for it in found[path]],
        }
        for path, report in reports.items()
    ]
    lines = [line for path, report in reports.items() for line in _lines(path, report, found[path])]
    tell_facts(facts, lines, form)


def _lines(path: str, report: Json, found: Sequence[Check]) -> Iterator[str]:
    yield f"{path}: block {report['block']['number']}, hash {hash_of(report)}"
    for check in found:
        yield f"  {check.id:<9}  {check.status:<7}  {check.title}: {check.evidence}"
        found_more = (*check.faults, *check.notes)
        yield from (f"      {it}" for it in found_more[:MOST_SHOWN])
        if len(found_more) > MOST_SHOWN:
            yield f"      and {len(found_more) - MOST_SHOWN:,} more; --json tells all"


def is_missed(check: Check, allowed: Collection[str]) -> bool:
    """Tell whether a check shows nothing that one may do without; who does without the proofs of a
    state does without the header that has its root.
    """
    if check.id == "block" and "P3" in allowed:
        return check.status == FAIL
    return check.status == FAIL or (check.status == SKIPPED and check.id not in allowed)


def made_by() -> Json:
    """Return which program this is, and what its contracts are made of."""
    return {"version": metadata.version("ringfence"), **vars(origin_of(contracts()))}


def last_proof(desk: Desk, folder: Path, until: int) -> Json | None:
    """Return what the last proof of a market up to a block comes to, of those in a folder that are
    of this chain; None if there is none.
    """
    market, node = desk.market, Node(desk.market.provider)
    for path in reversed(files.reports_in(folder, market.manifest.chain_id, market.name)):
        report = read_report(path)
        is_ours = report["market"]["contracts"]["factory"] == str(market.factory.address)
        if is_ours and report["block"]["number"] <= until and _has(node, report):
            return files.digest(report)
    return None


def _has(node: Node, report: Json) -> bool:
    """Tell whether a chain has the block that a report is of."""
    told = report["block"]
    hash_then = bytes.fromhex(told["hash"].removeprefix("0x"))
    return node.has(Block(told["number"], hash_then, told["timestamp"]))
