"""The books of a market, from nothing but what its chain logged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ringfence.cli.desk import Command
from ringfence.cli.options import reads
from ringfence.exceptions import RingfenceError
from ringfence.ledger.account import Account
from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from ringfence.model.fixed_point import RAY, mul_div_up
from ringfence.units import format_number, from_base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.cli.desk import Desk
    from ringfence.cli.facts import Fact
    from ringfence.ledger.entries import Block
    from ringfence.market import Market

HOME = Path("out")

ledger_option = click.option(
    "--ledger",
    "url",
    metavar="URL",
    help="Database to keep it in: a file of SQLite, or what SQLAlchemy reads, such as"
    " postgresql+psycopg://user@host/name; out/ledger-CHAIN-MARKET.db unless given.",
)


@click.group(short_help="Keep the books of a market, from what its chain logged")
def cli() -> None:
    """Keep the books of a market, from the events of its contracts and every transfer of its
    vaults' tokens. VAULT is its label or its address.

    What was read is kept, so only what is new is asked for; a run that was stopped goes on.
    """


@cli.command("follow", cls=Command)
@ledger_option
@reads
def follow(desk: Desk, url: str | None) -> None:
    """Bring the ledger up to date."""
    head, _ = followed(desk, url)
    facts = {"block": head.number, "hash": "0x" + head.hash.hex(), "timestamp": head.timestamp}
    desk.tell(facts, [f"complete up to block {head.number}"])


@cli.command("show", cls=Command)
@click.argument("word", metavar="[VAULT]", required=False)
@ledger_option
@reads
def show(desk: Desk, word: str | None, url: str | None) -> None:
    """Show what VAULT, or each vault, holds and owes as the books tell."""
    books = books_of(desk, url)
    index = desk.read(desk.market.pool.debt_index)
    chosen = list(books.accounts.values()) if word is None else [account_of(desk, books, word)]
    known = known_tokens(desk.market, desk.read(desk.market.engine.token_count))
    facts = [account_facts(desk, known, it, index) for it in chosen]
    desk.tell(facts, [line for it in facts for line in account_lines(it)] or ["no vault"])


@cli.command("flows", cls=Command)
@click.argument("word", metavar="VAULT")
@ledger_option
@reads
def flows(desk: Desk, word: str, url: str | None) -> None:
    """Show every transfer that ever touched VAULT, and what it was."""
    account = account_of(desk, books_of(desk, url), word)
    known = known_tokens(desk.market, desk.read(desk.market.engine.token_count))
    facts: list[dict[str, Any]] = [
        {
            "block": it.block,
            "transaction": "0x" + it.tx.hex(),
            "kind": it.kind,
            "counterparty": it.counterparty,
            **holding_facts(known, it.token, it.amount),
        }
        for it in account.flows
    ]
    lines = [
        f"{it['block']:>9}  {it['kind']:<11}  {holding_text(it)}  {it['counterparty']}"
        for it in facts
    ]
    desk.tell(facts, lines or ["no transfer"])


# -- Books -----------------------------------------------------------------------------------------


def followed(desk: Desk, url: str | None) -> tuple[Block, Store]:
    """Bring the ledger up to the block that is asked about."""
    market = desk.market
    place = url or str(HOME / f"ledger-{market.manifest.chain_id}-{market.name}.db")
    store = Store.open(place, about(market))

    def told(reached: int, last: int) -> None:
        if reached < last:
            click.echo(f"block {reached:,} of {last:,}", err=True)

    return Follower(market, store).follow(desk.block, told), store


def books_of(desk: Desk, url: str | None) -> Books:
    """Return the books after the block that is asked about."""
    _, store = followed(desk, url)
    return Books.at(desk.market, store, desk.block)


def account_of(desk: Desk, books: Books, word: str) -> Account:
    """Return the account of a vault."""
    address = desk.vault(word).address
    if address not in books.accounts:
        raise RingfenceError(
            f"vault {address} was not open at block {desk.read.number}; name a later one"
        )
    return books.accounts[address]


def known_tokens(market: Market, count: int) -> dict[str, tuple[str, int]]:
    """Return symbol and decimals of what a market lends, and of the first tokens it listed, by
    address: of others nothing is asked, for a token that a stranger sends may answer anything.
    """
    tokens = (market.asset, *market.first_listed(count))
    return {str(it.address): (market.symbol_of(str(it.address)), it.decimals()) for it in tokens}


def holding_facts(known: Mapping[str, tuple[str, int]], token: str, units: int) -> dict[str, Any]:
    """An amount of a token: in whole ones, or in base units of one that is not known."""
    symbol, decimals = known.get(token, (None, 0))
    return {"token": token, "symbol": symbol, "amount": from_base(units, decimals)}


def holding_text(facts: Fact) -> str:
    """The same for people."""
    return f"{format_number(facts['amount'])} {facts['symbol'] or 'units of ' + facts['token']}"


def account_facts(
    desk: Desk, known: Mapping[str, tuple[str, int]], account: Account, index: int
) -> dict[str, Any]:
    """An account, in whole tokens."""
    decimals = desk.market.asset_decimals
    debt = mul_div_up(account.scaled_debt, index, RAY)
    owed = {
        "debt": debt,
        "interest": account.interest(debt),
        "borrowed": account.borrowed,
        "repaid": account.repaid,
        "written_off": account.written_off,
    }
    return {
        "id": account.id,
        "vault": account.vault,
        "owner": account.owner,
        "label": account.label,
        "class": account.fund_class,
        "opened": account.opened,
        "asset": desk.market.asset_symbol,
        **{name: from_base(units, decimals) for name, units in owed.items()},
        "liquidations": account.sales,
        "balances": [
            holding_facts(known, token, units)
            for token, units in account.balances.items()
            if units != 0
        ],
    }


def account_lines(facts: Fact) -> list[str]:
    """The same for people."""
    owed = ("debt", "interest", "borrowed", "repaid", "written_off")
    return [
        f"{facts['id']:>4}  {facts['vault']}  {facts['label']}  {facts['class']}"
        f"  of {facts['owner']}",
        *(f"      {holding_text(it)}" for it in facts["balances"]),
        *(
            f"      {name.replace('_', ' ')} {format_number(facts[name])} {facts['asset']}"
            for name in owed
            if facts[name] != 0
        ),
    ]
