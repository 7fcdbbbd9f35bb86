"""Prove that no vault's assets are mixed with another's; look whether a proof holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ringfence.carried import contracts, origin_of
from ringfence.cli import exits
from ringfence.cli.asof import asof_options, desk_asof, one_block
from ringfence.cli.desk import Command, Desk, load_market
from ringfence.cli.facts import tell as tell_facts
from ringfence.cli.ledger import books_of, ledger_option
from ringfence.cli.options import (
    json_option,
    manifests_option,
    market_option,
    reads,
    sender,
    sender_option,
)
from ringfence.cli.words import ADDRESS, SHARE
from ringfence.segregation import files, signing
from ringfence.segregation.checks import FAIL, SKIPPED, Check
from ringfence.segregation.rehearsal import Payout, claims_at, prices_at, rehearsed
from ringfence.segregation.report import (
    evidence,
    following,
    hash_of,
    proof_of,
    proven,
    read_report,
)
from ringfence.segregation.verification import chained, repeated, rooted, verified
from ringfence.units import from_wad, to_wad
from ringfence.wording import value_text

if TYPE_CHECKING:
    from ape.api import ProviderAPI

Json = dict[str, Any]
HOME = Path("out", "segregation")
MOST_SHOWN = 10  # faults and notes of a check, for people


@click.group(short_help="Prove that no vault's assets are mixed with another's")
def cli() -> None:
    """Prove from the chain that no vault's assets are mixed with another's or with the house's,
    and look whether such a proof holds; it does not if a command ends with 12.
    """


@cli.command("prove", cls=Command)
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=HOME,
    show_default=True,
    help="Folder of the market's reports; the new one follows the last of them.",
)
@sender_option
@asof_options
@ledger_option
@reads
def prove(
    desk: Desk, folder: Path, account: Any, asof: str | None, cutoff: str, url: str | None
) -> None:
    """Write a report of what each vault holds and owes at one block, with the proofs of it: JSON
    that counts, CSV and HTML to be read. With --account it is signed.
    """
    desk = desk_asof(desk, asof, cutoff)
    market = desk.market
    previous = files.latest_in(folder, market.manifest.chain_id, market.name)
    day = None if asof is None or asof.isdecimal() else asof
    with one_block(desk) as block:
        books = books_of(desk, url)
        click.echo(f"looking at {len(books.accounts):,} vaults at block {block.number}", err=True)
        told = evidence(market, books, desk.read)
        click.echo("collecting proofs", err=True)
        about = {"made_by": made_by()} | following(previous, day)
        report = proven(told, proof_of(market, told), build_of(), about)
    if account is not None:
        report = signing.signed(report, sender(account, yes=True))
    path = files.place_of(report, folder)
    files.write(report, path)
    found = [Check.read(it) for it in report["checks"]]
    tell({str(path): report}, {str(path): found}, desk.form)
    if any(it.status == FAIL for it in found):
        raise click.exceptions.Exit(exits.PROOF_MISMATCH)


@cli.command("sign", cls=Command)
@click.argument("path", metavar="REPORT", type=click.Path(path_type=Path, dir_okay=False))
@sender_option
@click.option("--for", "contract", type=ADDRESS, help="Contract that signs, such as a Safe.")
@click.option("--signature", metavar="HEX", help="Signature that was made elsewhere.")
def sign(path: Path, account: Any, contract: str | None, signature: str | None) -> None:
    """Put a signature under a report: of --account, or for the contract that --for names."""
    report = read_report(path)
    if signature is not None and contract is not None:
        raw = bytes.fromhex(signature.removeprefix("0x"))
        report = signing.with_signature(report, raw, contract, contract)
    elif signature is not None:
        raise click.UsageError("--signature goes with --for CONTRACT.")
    else:
        report = signing.signed(report, sender(account, yes=True), contract)
    files.rewrite(report, path)
    click.echo(f"{path} is signed by {report['signature']['signer']}")


@cli.command("verify", cls=Command)
@click.argument(
    "paths",
    metavar="REPORT...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
)
@click.option("--offline", is_flag=True, help="Ask no node: look at the proofs only.")
@click.option(
    "--state-root",
    "roots",
    metavar="HASH",
    multiple=True,
    help="Root of the state of a report's block, as known from elsewhere; for each report one.",
)
@click.option("--signer", type=ADDRESS, help="Who has to have signed.")
@click.option(
    "--allow-skip",
    "allowed",
    metavar="CHECK",
    multiple=True,
    help="Check that need not be made, such as P3 where a node gives no proofs.",
)
@market_option
@manifests_option
@json_option
@ledger_option
def verify(
    provider: ProviderAPI,
    paths: tuple[Path, ...],
    offline: bool,
    roots: tuple[str, ...],
    signer: str | None,
    allowed: tuple[str, ...],
    name: str | None,
    manifests: Path,
    form: str | None,
    url: str | None,
) -> None:
    """Look whether reports hold, and follow one another: with a node, from which each is made once
    more, or --offline from the proofs in it.
    """
    if roots and len(roots) != len(paths):
        raise click.UsageError(
            f"There are {len(paths)} reports, and --state-root is given {len(roots)} times."
        )
    reports = {str(it): read_report(it) for it in paths}
    desk = None if offline else Desk(load_market(provider, name, manifests))
    found: dict[str, list[Check]] = {}
    for (path, report), root in zip(reports.items(), roots or (None,) * len(reports), strict=True):
        again = None if desk is None else once_more(desk, report, url)
        known = again["block"]["state_root"] if again is not None and root is None else root
        found[path] = [
            *verified(report, build_of()),
            *([] if again is None else [repeated(report, again)]),
            rooted(report, known),
            signing.check_signature(report, None if offline else provider, signer),
        ]
    found[str(paths[-1])].append(chained(list(reports.values())))
    tell(reports, found, form)
    if any(is_missed(it, allowed) for checks in found.values() for it in checks):
        raise click.exceptions.Exit(exits.PROOF_MISMATCH)


@cli.command("rehearse", cls=Command)
@click.option(
    "--fall",
    "falls",
    metavar="TOKEN SHARE",
    multiple=True,
    type=(str, SHARE),
    help='Let the price of a token fall before, as in --fall WETH "60 %".',
)
@reads
def rehearse(desk: Desk, falls: Sequence[tuple[str, Decimal]]) -> None:
    """Show what each client would get back, had all to end now: from his own vault, and had all
    been one omnibus account, where what some cannot pay is paid by the others.
    """
    market, quote = desk.market, desk.quote
    fallen = {str(market.token(token).address): to_wad(share) for token, share in falls}
    prices = prices_at(market, desk.read, fallen)
    found = rehearsed(claims_at(market, desk.read, prices))
    facts = [payout_facts(desk, it) for it in found]
    lines = [payout_line(it, quote) for it in found]
    whole = [sum(it.segregated for it in found), sum(it.omnibus for it in found)]
    lost = sum(max(0, -it.claim.equity) for it in found)
    total = f"{len(found)} clients: {value_text(whole[0], quote)} segregated, "
    total += f"{value_text(whole[1], quote)} in one account; owed beyond their own"
    desk.tell(facts, [*lines, f"{total} {value_text(lost, quote)}"])


def payout_facts(desk: Desk, it: Payout) -> Json:
    """What a client would get, in the quote currency."""
    values = {
        "assets": it.claim.assets,
        "debt": it.claim.debt,
        "segregated": it.segregated,
        "omnibus": it.omnibus,
        "difference": it.difference,
    }
    return {
        "block": desk.read.number,
        "vault": it.claim.vault,
        "owner": it.claim.owner,
        "label": it.claim.label,
        **{name: from_wad(value) for name, value in values.items()},
    }


def payout_line(it: Payout, quote: str) -> str:
    """The same for people."""
    return (
        f"{it.claim.vault}  {it.claim.label}  segregated {value_text(it.segregated, quote)},"
        f" omnibus {value_text(it.omnibus, quote)}"
    )


# -- Making and telling ----------------------------------------------------------------------------


def once_more(desk: Desk, report: Json, url: str | None) -> Json:
    """Gather from the node what a report tells."""
    desk = replace(desk, block=report["block"]["number"])
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
    """Tell whether a check shows nothing that one may do without."""
    return check.status == FAIL or (check.status == SKIPPED and check.id not in allowed)


def build_of() -> bytes:
    """Return the code of a vault as compiled here."""
    return bytes(contracts().Vault.contract_type.get_runtime_bytecode())


def made_by() -> Json:
    """Return which program this is, and what its contracts are made of."""
    return {"version": metadata.version("ringfence"), **vars(origin_of(contracts()))}
