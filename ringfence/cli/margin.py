"""How close vaults are to liquidation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from time import monotonic, sleep
from typing import TYPE_CHECKING

import click

from ringfence.cli import exits
from ringfence.cli.desk import Command
from ringfence.cli.facts import row_facts, vault_facts
from ringfence.cli.options import reads
from ringfence.cli.words import NUMBER
from ringfence.preview import margin_of
from ringfence.registry import MarginRow, Opening, listed
from ringfence.units import WAD, to_wad
from ringfence.wording import moment_text, row_line, vault_lines

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk

PAUSE = 2.0  # [s] between two looks
SHOWN = 40  # rows of a live table
CLEAR = "\x1b[2J\x1b[H"

Pair = tuple[Opening, MarginRow]


@click.command(cls=Command, short_help="Show how close vaults are to liquidation")
@click.argument("word", metavar="[VAULT]", required=False)
@click.option("--all", "every", is_flag=True, help="Look at all vaults of the market.")
@click.option("--below", type=NUMBER, help="Of all, only those whose health is below this.")
@click.option("--watch", is_flag=True, help="Look again and again, until Ctrl-C.")
@reads
def cli(desk: Desk, word: str | None, every: bool, below: Decimal | None, watch: bool) -> None:
    """Show how close VAULT, or each vault, is to liquidation, the closest first.

    The command ends with 11 if a vault it shows can be liquidated, and with 13 if none can but a
    price that matters is dead.
    """
    if (word is None) != every:
        raise click.UsageError("Name a VAULT, or say --all.")
    if not every and (watch or below is not None):
        raise click.UsageError("--watch and --below go with --all.")
    if watch and (desk.form or is_asked("block")):
        raise click.UsageError("--watch goes without --block, --json and --csv.")
    if word is not None:
        show_one(desk, word)
    elif watch:
        watch_all(desk, below)
    else:
        pairs = closest_first(desk, below)
        lines = [row_line(*pair, desk.market.asset_symbol) for pair in pairs]
        desk.tell([row_facts(*pair) for pair in pairs], lines or ["no vault"])
        leave(code_of(pairs))


def show_one(desk: Desk, word: str) -> None:
    """Show one vault with what it holds."""
    state = desk.vault(word).snapshot(desk.block)
    desk.tell(vault_facts(state), vault_lines(state, desk.quote))
    is_dead = state.debt > 0 and not state.is_debt_price_live
    if state.debt > 0 and margin_of(state).health < WAD:
        leave(exits.UNDER_MARGINED)
    leave(exits.STALE_PRICE if is_dead or any(not it.is_live for it in state.counted) else exits.OK)


def watch_all(desk: Desk, below: Decimal | None) -> None:
    """Draw the table again and again."""
    while True:
        started = monotonic()
        click.echo(CLEAR + "\n".join(table(desk, below)))
        sleep(max(0.0, PAUSE - (monotonic() - started)))


def table(desk: Desk, below: Decimal | None) -> list[str]:
    """Return the lines of a live table, all as of the latest block."""
    now = desk.market.provider.get_block("latest")
    pairs = closest_first(replace(desk, block=int(now.number or 0)), below)
    head = f"block {now.number}, {moment_text(now.timestamp)}, vaults: {len(pairs):,}"
    rows = [row_line(*pair, desk.market.asset_symbol) for pair in pairs[:SHOWN]]
    more = [f"and {len(pairs) - SHOWN:,} more"] if len(pairs) > SHOWN else []
    return [head, *rows, *more]


def closest_first(desk: Desk, below: Decimal | None) -> list[Pair]:
    """Return vaults by their health; those of which nothing is known come first."""
    pairs = listed(desk.market, desk.block)
    if below is not None:
        limit = to_wad(below)
        pairs = [pair for pair in pairs if pair[1].health is None or pair[1].health < limit]
    return sorted(pairs, key=lambda pair: -1 if pair[1].health is None else pair[1].health)


def code_of(pairs: Sequence[Pair]) -> int:
    """Return the exit code for what was seen."""
    if any(row.health is not None and row.health < WAD for _, row in pairs):
        return exits.UNDER_MARGINED
    return exits.STALE_PRICE if any(row.status != "ok" for _, row in pairs) else exits.OK


def is_asked(option: str) -> bool:
    """Tell whether an option was typed."""
    source = click.get_current_context().get_parameter_source(option)
    return source is click.core.ParameterSource.COMMANDLINE


def leave(code: int) -> None:
    """End the command, if there is something to say with it."""
    if code != exits.OK:
        raise click.exceptions.Exit(code)
