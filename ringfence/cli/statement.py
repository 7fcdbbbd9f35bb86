"""A client's statement of a period, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.cli import exits
from ringfence.cli.desk import Command
from ringfence.cli.ledger import account_of, ledger_option
from ringfence.cli.lookback import as_of, block_until, looking_back
from ringfence.cli.options import reads
from ringfence.cli.proofs import HOME as REPORTS
from ringfence.cli.proofs import last_proof
from ringfence.ledger.fold import Books
from ringfence.performance.period import period_of
from ringfence.statements.document import Statement
from ringfence.statements.forms import as_csv, as_json, hash_of
from ringfence.statements.page import adds_up, as_html
from ringfence.whole import put

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk
    from ringfence.ledger.account import Account
    from ringfence.performance.looking import Looking

HOME = Path("out", "statements")
HTML, JSON, CSV = "html", "json", "csv"
ALL = "all"  # of a vault's life

reports_option = click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False),
    default=REPORTS,
    show_default=True,
    help="Folder with the market's proofs of segregation, the last of which is told.",
)


@click.command(cls=Command, short_help="Write a client's statement")
@click.argument("word", metavar="VAULT")
@click.option(
    "--period",
    "period",
    metavar="PERIOD",
    default=ALL,
    help="Year, quarter, month or day, in UTC, such as 2026Q3; the vault's life unless given.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice((HTML, JSON, CSV)),
    default=HTML,
    show_default=True,
    help="To be read and printed; to be signed; or the movements for a spreadsheet.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Where it is written, - for here; out/statements/… unless given.",
)
@reports_option
@ledger_option
@reads
def cli(
    desk: Desk, word: str, period: str, kind: str, out: Path | None, reports: Path, url: str | None
) -> None:
    """Write the statement of VAULT for a period: what it had, what moved, its margin, what it
    gained and from what, whose prices count, and what proves that it is apart.

    The same chain gives the same bytes. The command ends with 10 if opening and movements are not
    the closing, or the chain says another.
    """
    with looking_back(desk, url) as (looking, store):
        account = account_of(desk, Books.at(desk.market, store, desk.read.number), word)
        first, last = blocks_of(looking, account, period, desk.read.number)
        until = None if period == ALL else period_of(period).end
        proof = last_proof(desk, reports, last)
        looking, account = as_of(desk, store, looking, account.vault, last)
        statement = Statement.of(looking, account, (first, last), period, proof, until)
        content, facts = written(statement, kind), statement.facts
    if str(out) == "-":
        click.get_binary_stream("stdout").write(content)
    else:
        market = desk.market
        place = (
            out or HOME / f"{market.manifest.chain_id}-{market.name}-{account.id}-{period}.{kind}"
        )
        put(place, content)
        told = {"file": str(place), "bytes": len(content), "hash": hash_of(facts)}
        desk.tell(told, [f"{place}: {len(content):,} bytes, hash of the JSON {told['hash']}"])
    if not adds_up(facts):
        raise click.exceptions.Exit(exits.RECONCILIATION_BREAK)


def blocks_of(looking: Looking, account: Account, name: str, head: int) -> tuple[int, int]:
    """Return the blocks between whose ends a period lies."""
    begin = looking.begin_of(account)
    if name == ALL:
        return begin, head
    period = period_of(name)
    last = block_until(looking.sights, period.end, head)
    first = looking.sights.last_until(period.begin, 0, head)
    if last <= begin:
        raise click.UsageError(f"{account.label} was opened after {name}; name a later period.")
    return max(first, begin), last


def written(statement: Statement, kind: str) -> bytes:
    """Write a statement in a form."""
    if kind == HTML:
        return as_html(statement)
    return as_json(statement.facts) if kind == JSON else as_csv(statement.facts)
