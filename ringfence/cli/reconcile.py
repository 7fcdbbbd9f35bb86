"""Compare the books of a market with its chain, at a block or at a cutoff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ringfence.cli import exits
from ringfence.cli.asof import asof_options, desk_asof, one_block
from ringfence.cli.desk import Command
from ringfence.cli.facts import CSV
from ringfence.cli.ledger import books_of, ledger_option
from ringfence.cli.options import reads
from ringfence.ledger.reconciliation import Finding, findings

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk


@click.command(cls=Command, short_help="Compare the books of a market with its chain")
@asof_options
@ledger_option
@reads
def cli(desk: Desk, asof: str | None, cutoff: str, url: str | None) -> None:
    """Compare what each vault holds and owes by the books with what the chain says, at one block.

    The command ends with 10 if they do not agree. A transfer that nobody asked for is a note:
    anyone may send a token to anyone.
    """
    desk = desk_asof(desk, asof, cutoff)
    with one_block(desk) as block:
        books = books_of(desk, url)
        found = sorted(
            findings(desk.market, books, desk.read), key=lambda it: (it.vault, it.what, it.since)
        )
    breaks = sum(it.is_break for it in found)
    summary = {
        "block": block.number,
        "hash": "0x" + block.hash.hex(),
        "vaults": len(books.accounts),
        "breaks": breaks,
        "notes": len(found) - breaks,
    }
    rows = [facts(desk, it) for it in found]
    told = rows if desk.form == CSV else {**summary, "findings": rows}
    head = ", ".join(f"{name} {value}" for name, value in summary.items() if name != "hash")
    desk.tell(told, [head, *map(line, found)])
    if breaks:
        raise click.exceptions.Exit(exits.RECONCILIATION_BREAK)


def facts(desk: Desk, found: Finding) -> dict[str, Any]:
    """A finding; amounts in base units."""
    return {
        "block": desk.block,
        "code": found.code,
        "is_break": found.is_break,
        "vault": found.vault,
        "what": found.what,
        "books": str(found.books),
        "chain": str(found.chain),
        "since": found.since,
        "age": (desk.block or 0) - found.since,
    }


def line(found: Finding) -> str:
    """The same for people."""
    return (
        f"  {found.code}: {found.what} of {found.vault or 'the market'},"
        f" books {found.books}, chain {found.chain}, since block {found.since}"
    )
