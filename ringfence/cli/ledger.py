"""The books of a market, from nothing but what its chain logged."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ringfence.cli.desk import Command
from ringfence.cli.options import reads
from ringfence.deployment.check import UNREADABLE
from ringfence.ledger.fold import Account, Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from ringfence.model.fixed_point import RAY, mul_div_up
from ringfence.units import format_number, from_base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.cli.desk import Desk
    from ringfence.cli.facts import Fact
    from ringfence.ledger.entries import Block

HOME = Path("out")
MOST_DECIMALS = 77  # of an integer of 256 bits

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
    facts = [account_facts(desk, it, index) for it in chosen]
    desk.tell(facts, [line for it in facts for line in account_lines(it)] or ["no vault"])


@cli.command("flows", cls=Command)
@click.argument("word", metavar="VAULT")
@ledger_option
@reads
def flows(desk: Desk, word: str, url: str | None) -> None:
    """Show every transfer that ever touched VAULT, and what it was."""
    account = account_of(desk, books_of(desk, url), word)
    facts: list[dict[str, Any]] = [
        {
            "block": it.block,
            "transaction": "0x" + it.tx.hex(),
            "kind": it.kind,
            "token": symbol(desk, it.token),
            "counterparty": it.counterparty,
            "amount": amount(desk, it.token, it.amount),
        }
        for it in account.flows
    ]
    lines = [
        f"{it['block']:>9}  {it['kind']:<11}  {format_number(it['amount'])} {it['token']}"
        f"  {it['counterparty']}"
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
    return books.accounts[desk.vault(word).address]


def symbol(desk: Desk, token: str) -> str:
    """Return what a token calls itself; its address if it does not tell."""
    try:
        return desk.market.symbol_of(token)
    except UNREADABLE:
        return token


def amount(desk: Desk, token: str, units: int) -> Decimal:
    """Turn base units of a token into whole ones; they stay if it tells no decimals, or absurd
    ones: a token that a stranger sends may be anything.
    """
    try:
        decimals = int(desk.market.token_at(token).decimals())
    except UNREADABLE:
        return Decimal(units)
    return from_base(units, decimals if decimals <= MOST_DECIMALS else 0)


def account_facts(desk: Desk, account: Account, index: int) -> dict[str, Any]:
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
        "liquidations": account.liquidations,
        "balances": {
            symbol(desk, token): amount(desk, token, units)
            for token, units in account.balances.items()
            if units != 0
        },
    }


def account_lines(facts: Fact) -> list[str]:
    """The same for people."""
    held: Mapping[str, Decimal] = facts["balances"]
    owed = ("debt", "interest", "borrowed", "repaid", "written_off")
    return [
        f"{facts['id']:>4}  {facts['vault']}  {facts['label']}  {facts['class']}"
        f"  of {facts['owner']}",
        *(f"      {format_number(units)} {symbol}" for symbol, units in held.items()),
        *(
            f"      {name.replace('_', ' ')} {format_number(facts[name])} {facts['asset']}"
            for name in owed
            if facts[name] != 0
        ),
    ]
