"""A market and its vaults as pages, in a folder or in a browser of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from ringfence.charts import stylesheet
from ringfence.cli.desk import Command
from ringfence.cli.ledger import account_of, ledger_option
from ringfence.cli.lookback import looking_back
from ringfence.cli.margin import is_asked
from ringfence.cli.options import reads
from ringfence.cli.proofs import last_proof
from ringfence.cli.statement import ALL, reports_option
from ringfence.dashboard.board import HTML, JSON, TEXT, Board, Page, Site
from ringfence.dashboard.folder import write
from ringfence.dashboard.metrics import KIND as METRICS
from ringfence.dashboard.operator import Operator
from ringfence.dashboard.refreshing import Refresher
from ringfence.dashboard.serving import Rules, serve
from ringfence.dashboard.site import Files, client_files, operator_files, page_of
from ringfence.ledger.fold import Books
from ringfence.pages.policy import policy
from ringfence.statements.document import Statement

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk
    from ringfence.ledger.store import Store
    from ringfence.performance.looking import Looking

HOME = Path("out", "site")
PORT = 8550
MOST_CLIENTS = 100  # that get a page without being named
KINDS = {".html": HTML, ".json": JSON, ".txt": METRICS, ".csv": TEXT}


@click.command(cls=Command, short_help="Show a market and its vaults as pages")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=HOME,
    show_default=True,
    help="Folder that gets the pages.",
)
@click.option(
    "--client",
    "words",
    metavar="VAULT",
    multiple=True,
    help=f"Vault that gets a page; all that were used, if they are at most {MOST_CLIENTS}, unless"
    " named.",
)
@click.option("--serve", "is_served", is_flag=True, help="Show them on this machine instead.")
@click.option("--port", type=int, default=PORT, show_default=True, help="Port of 127.0.0.1.")
@reports_option
@ledger_option
@reads
def cli(
    desk: Desk,
    folder: Path,
    words: Sequence[str],
    is_served: bool,
    port: int,
    reports: Path,
    url: str | None,
) -> None:
    """Write a page for the operator, and one for each client with nothing of another's in it. They
    open from the folder, without a server, a script or a network.

    With --serve they are made anew at each block and shown to this machine only, with JSON at
    /market.json and /vaults/ADDRESS.json, and numbers for Prometheus at /metrics.
    """
    chosen = [str(desk.vault(it).address) for it in words]
    if is_served:
        if desk.form or is_asked("block") or is_asked("folder"):
            raise click.UsageError("--serve goes without --out, --block, --json and --csv.")
        show(desk, chosen, reports, url, port)
        return
    started = monotonic()
    files = pages(desk, chosen, reports, url)
    write(files, folder)
    size = len(files["index.html"])
    told = {
        "folder": str(folder),
        "files": len(files),
        "bytes": sum(map(len, files.values())),
        "operator_bytes": size,
        "seconds": round(monotonic() - started, 1),
    }
    desk.tell(told, [f"{folder / 'index.html'}: {size:,} bytes, and {len(files) - 1:,} more files"])


def pages(
    desk: Desk, words: Sequence[str], reports: Path, url: str | None, is_passing: bool = False
) -> Files:
    """Return all pages as of the block that is asked about.

    :param is_passing: they live until the next block only.
    """
    with looking_back(desk, url, is_passing) as (looking, store):
        proof = last_proof(desk, reports, desk.read.number)
        return pages_of(desk, looking, store, proof, words)[0]


def pages_of(
    desk: Desk, looking: Looking, store: Store, proof: Any, words: Sequence[str] = ()
) -> tuple[Files, list[Statement]]:
    """Return all pages, and the statements that those of clients tell.

    :param proof: digest of the last proof of segregation; None if there is none.
    :param words: vaults that get a page; all that were used, if they are few, unless named.
    """
    number = desk.read.number
    books = Books.at(desk.market, store, number)
    chosen = [account_of(desk, books, it) for it in words]
    used = [it for it in books.accounts.values() if it.is_used(looking.tokens)]
    if not words and len(used) <= MOST_CLIENTS:
        chosen = used
    statements = [
        Statement.of(looking, it, (looking.begin_of(it), number), ALL, proof) for it in chosen
    ]
    files: Files = {}
    for statement in statements:
        files |= client_files(statement)
    operator = Operator(looking, books, store, desk.read)
    pages = {it.vault: page_of(it.vault) for it in chosen}
    return files | operator_files(operator, proof, pages), statements


# -- Serving ---------------------------------------------------------------------------------------


def show(desk: Desk, words: Sequence[str], reports: Path, url: str | None, port: int) -> None:
    """Show pages on this machine, anew at each block, until Ctrl-C."""
    provider = desk.market.provider

    def head() -> Any:
        return provider.web3.eth.get_block("latest")["hash"]

    def build() -> Site:
        newest = int(provider.web3.eth.get_block("latest")["number"])
        now = replace(desk, block=newest)
        return site_of(pages(now, words, reports, url, is_passing=True))

    def tell(problem: str) -> None:
        click.echo(f"the last pages stay: {problem}", err=True)

    board = Board()
    rules = Rules(policy=policy(stylesheet()))
    with serve(board, port, rules) as server, Refresher(board, head, build, tell):
        click.echo(f"http://127.0.0.1:{server.port} shows {desk.market.name}; Ctrl-C ends it")
        with suppress(KeyboardInterrupt):
            Event().wait()


def site_of(files: Files) -> Site:
    """Return pages by the path of their address."""
    site = {f"/{name}": Page(it, KINDS[Path(name).suffix]) for name, it in files.items()}
    return site | {"/": site["/index.html"], "/metrics": site.pop("/metrics.txt")}
