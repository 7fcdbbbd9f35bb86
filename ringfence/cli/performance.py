"""How a vault did: returns, and where its gain or loss came from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from ringfence.cli.desk import Command
from ringfence.cli.ledger import account_of, ledger_option
from ringfence.cli.lookback import as_of, blocks_between, looking_back
from ringfence.cli.options import reads
from ringfence.ledger.fold import Books
from ringfence.performance.measures import Performance
from ringfence.performance.summary import standings_of, summary
from ringfence.units import YEAR, format_number, format_percent, measured
from ringfence.wording import HEALTH_PLACES, VALUE_PLACES, moment_text

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk

Facts = dict[str, Any]


@click.command(cls=Command, short_help="Show how a vault did")
@click.argument("word", metavar="VAULT")
@click.option(
    "--from",
    "begin",
    metavar="DATE|BLOCK",
    help="Beginning of a day, in UTC, such as 2026-09-30, or end of a block; the vault's own"
    " beginning unless given.",
)
@click.option(
    "--to",
    "end",
    metavar="DATE|BLOCK",
    help="End of a day, a month or a quarter, in UTC, or of a block; the latest unless given.",
)
@ledger_option
@reads
def cli(desk: Desk, word: str, begin: str | None, end: str | None, url: str | None) -> None:
    """Show what VAULT gained, and from what: deposits and withdrawals are no gain, nor is a loan
    that is paid out; all parts add up, to the last wei.

    Prices and interest of the past are asked of the node once and kept in the ledger; what was
    never asked takes a node that keeps old states.
    """
    with looking_back(desk, url) as (looking, store):
        account = account_of(desk, Books.at(desk.market, store, desk.read.number), word)
        first, last = blocks_between(
            looking, looking.begin_of(account), desk.read.number, begin, end
        )
        looking, account = as_of(desk, store, looking, account.vault, last)
        history = looking.history(account, first, last)
        told = summary(Performance(history), standings_of(looking, account, history))
    facts = {"vault": account.vault, "label": account.label, "quote": desk.quote, **told}
    desk.tell(facts, lines(facts))


def lines(facts: Facts) -> Iterator[str]:
    """The same for people."""
    quote, days = facts["quote"], facts["statistics"]
    yield f"{facts['vault']}  {facts['label']}"
    for name in ("from", "to"):
        end = facts[name]
        moment = moment_text(end["timestamp"])
        yield f"{name:<16}{moment}, block {end['block']}: equity {_money(end['equity'], quote)}"
    yield f"{'in and out':<16}{_money(facts['net_flow'], quote)}{_parts(facts['flows'])}"
    yield f"{'gain':<16}{_money(facts['gain'], quote)}{_parts(facts['result'])}"
    since = facts["time_weighted_since"]
    is_new = since != facts["from"]["timestamp"] and facts["time_weighted"] is not None
    again = f" since {moment_text(since)}, when all was lost before" if is_new else ""
    yield f"{'time-weighted':<16}{_share(facts['time_weighted'])}{again}"
    is_long = facts["to"]["timestamp"] - facts["from"]["timestamp"] >= YEAR
    per_year = f" (XIRR {_share(facts['money_weighted_per_year'])} a year)" if is_long else ""
    yield f"{'money-weighted':<16}{_share(facts['money_weighted'])}{per_year}"
    yield (
        f"{'days':<16}{days['observations']}: volatility {_share(days['volatility'])} a year,"
        f" Sharpe {_ratio(days['sharpe'])}, Sortino {_ratio(days['sortino'])},"
        f" Calmar {_ratio(days['calmar'])}"
    )
    yield f"{'drawdown':<16}{_share(facts['max_drawdown'])}"
    yield f"{'leverage':<16}{_worst(facts['leverage'], _ratio, 'highest')}"
    yield f"{'health':<16}{_worst(facts['health'], _health, 'lowest')}"
    yield f"{'cushion':<16}{_worst(facts['cushion'], _share, 'lowest')}"
    unit, mark = _health(facts["unit_price"]), _health(facts["high_water_mark"])
    yield f"{'unit':<16}{unit}, high-water mark {mark}"
    yield (
        f"{'valued':<16}{facts['valuations']} times,"
        f" {facts['valuations_on_dead_prices']} of them with a price that was not live"
    )


def _parts(parts: Facts) -> str:
    told = [
        f"{name.replace('_', ' ')} {format_number(it, VALUE_PLACES)}"
        for name, it in parts.items()
        if it
    ]
    return f" ({', '.join(told)})" if told else ""


def _money(value: Decimal, quote: str) -> str:
    return f"{format_number(value, VALUE_PLACES)} {quote}"


def _share(ratio: float | Decimal | None) -> str:
    return "none" if ratio is None else format_percent(measured(ratio))


def _ratio(ratio: float | Decimal | None) -> str:
    return "none" if ratio is None else format_number(measured(ratio), VALUE_PLACES)


def _health(health: Decimal) -> str:
    return format_number(health, HEALTH_PLACES)


def _worst(told: Facts, text: Any, name: str) -> str:
    now = told["state"] if told["now"] is None else text(told["now"])
    if told["gone_at"] is not None:
        return f"{now}; no equity was left on {moment_text(told['gone_at'])}"
    if told["worst"] is None:
        return str(now)
    return f"{now}, {name} {text(told['worst'])} on {moment_text(told['worst_at'])}"
