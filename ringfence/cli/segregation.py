"""Prove that no vault's assets are mixed with another's; look whether a proof holds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ringfence.carried import contracts
from ringfence.cli import exits
from ringfence.cli.asof import asof_options, desk_asof, one_block
from ringfence.cli.desk import Command, Desk, load_market
from ringfence.cli.ledger import books_of, ledger_option
from ringfence.cli.options import (
    json_option,
    manifests_option,
    market_option,
    reads,
    sender,
    sender_option,
)
from ringfence.cli.proofs import (
    HOME,
    check_place,
    is_missed,
    looked_at,
    made_by,
    meant,
    once_more,
    read,
    tell,
)
from ringfence.cli.words import ADDRESS, HEX, SHARE
from ringfence.exceptions import RingfenceError
from ringfence.segregation import files, signing
from ringfence.segregation.chain import following
from ringfence.segregation.checks import FAIL, Check
from ringfence.segregation.rehearsal import Payout, claims_at, prices_at, rehearsed
from ringfence.segregation.report import builds_of, evidence, proof_of, proven
from ringfence.segregation.verification import chained
from ringfence.units import from_wad, to_wad
from ringfence.wording import value_text

if TYPE_CHECKING:
    from ape.api import ProviderAPI

Json = dict[str, Any]
SKIPPABLE = ("P3", "P7", "block", "root", "signature")  # checks that not everybody can make


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
    day = None if asof is None or asof.isdecimal() else {"day": asof, "cutoff": cutoff}
    check_place(desk, previous, day)
    with one_block(desk) as block:
        books = books_of(desk, url)
        click.echo(f"looking at {len(books.accounts):,} vaults at block {block.number}", err=True)
        told = evidence(market, books, desk.read)
        click.echo("collecting proofs", err=True)
        about = {"made_by": made_by()} | following(previous, day)
        report = proven(told, proof_of(market, told), builds_of(contracts()), about)
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
@click.option("--signature", type=HEX, help="Signature that was made elsewhere.")
def sign(path: Path, account: Any, contract: str | None, signature: bytes | None) -> None:
    """Put a signature under a report: of --account, or for the contract that --for names."""
    report = read(path)
    if signature is not None and contract is not None:
        report = signing.with_signature(report, signature, contract, signing.CONTRACT)
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
    type=HEX,
    multiple=True,
    help="Root of the state of a report's block, or the block's hash, as known from elsewhere; one"
    " for each report.",
)
@click.option("--factory", type=ADDRESS, help="Factory of the market that is meant.")
@click.option("--signer", type=ADDRESS, help="Who has to have signed.")
@click.option(
    "--allow-skip",
    "allowed",
    type=click.Choice(SKIPPABLE),
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
    roots: tuple[bytes, ...],
    factory: str | None,
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
    if len(set(paths)) != len(paths):
        raise click.UsageError("A report is named twice.")
    reports = {str(it): read(it) for it in paths}
    desk = None if offline else Desk(load_market(provider, name, manifests))
    at_hand = None if desk is None else str(desk.market.factory.address)
    found: dict[str, list[Check]] = {}
    known: list[str | None] = [f"0x{it.hex()}" for it in roots] or [None] * len(reports)
    for (path, report), root in zip(reports.items(), known, strict=True):
        again = None if desk is None else once_more(desk, report, url)
        found[path] = [
            *looked_at(report, again, root),
            meant(report, factory or at_hand),
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
    unknown = fallen.keys() - prices.keys()
    if unknown:
        raise RingfenceError(f"the market does not list {', '.join(sorted(unknown))}")
    found = rehearsed(claims_at(market, desk.read, prices))
    facts = [payout_facts(desk, it) for it in found]
    lines = [payout_line(it, quote) for it in found]
    whole = [sum(it.segregated for it in found), sum(it.omnibus for it in found)]
    lost = sum(max(0, -it.claim.equity) for it in found)
    total = f"all together {value_text(whole[0], quote)} segregated, "
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
