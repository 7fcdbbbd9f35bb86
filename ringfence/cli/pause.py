"""Pause a market, lower a pause, and resume borrowing after losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ringfence.calls import Call
from ringfence.cli.desk import Command
from ringfence.cli.options import reads, writes
from ringfence.cli.words import SPAN
from ringfence.reasons import refusal
from ringfence.units import format_span

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk

LEVELS = {
    0: "nothing is paused",
    1: "borrowing and lending are paused",
    2: "borrowing, lending, and withdrawing collateral while in debt are paused",
}


@click.group(short_help="Show, set and lower the pause of a market")
def cli() -> None:
    """Show, set and lower the pause of a market.

    Level 1 stops borrowing and lending, level 2 withdrawing collateral while in debt as well. A
    pause lapses by itself, after seven days at most. Nothing ever stops repaying, depositing
    collateral, liquidating, or taking out what owes nothing.
    """


@cli.command("show", cls=Command)
@reads
def show(desk: Desk) -> None:
    """Show whether the market is paused."""
    pool = desk.market.pool
    level, is_stopped = desk.read(pool.pause_level), desk.read(pool.borrowing_stopped)
    lines = [f"level {level}: {LEVELS[level]}"]
    if is_stopped:
        lines.append("borrowing is stopped by losses until the risk admin resumes it")
    desk.tell({"level": level, "is_stopped": is_stopped}, lines)


@cli.command("set", cls=Command)
@click.argument("level", type=click.IntRange(1, 2))
@click.option("--for", "span", type=SPAN, required=True, help='How long, such as "2 days".')
@writes
def set_level(desk: Desk, level: int, span: int) -> None:
    """Pause the market at LEVEL, as its guardian."""
    pool = desk.market.pool
    if desk.account.address != desk.market.factory.guardian():
        raise refusal("pool: not the guardian")
    change = f"level  {pool.pause_level()} → {level} for {format_span(span)}"
    desk.confirm([f"{change}: {LEVELS[level]}"])
    if desk.carry_out([Call(pool.pause, (level, span))]):
        desk.say(f"done: level {pool.pause_level()}")


@cli.command("lower", cls=Command)
@click.argument("level", type=click.IntRange(0, 1))
@writes
def lower(desk: Desk, level: int) -> None:
    """Lower the pause to LEVEL, as the risk admin."""
    pool = desk.market.pool
    check_risk_admin(desk)
    desk.confirm([f"level  {pool.pause_level()} → {level}: {LEVELS[level]}"])
    if desk.carry_out([Call(pool.lower_pause, (level,))]):
        desk.say(f"done: level {pool.pause_level()}")


@cli.command("resume", cls=Command)
@writes
def resume(desk: Desk) -> None:
    """Let vaults borrow again after losses of the lenders, as the risk admin."""
    pool = desk.market.pool
    check_risk_admin(desk)
    if not pool.borrowing_stopped():
        raise refusal("pool: borrowing is not stopped")
    desk.confirm(["borrowing  stopped by losses → possible"])
    if desk.carry_out([Call(pool.resume_borrowing)]):
        desk.say("done: borrowing is possible")


def check_risk_admin(desk: Desk) -> None:
    """Refuse what only the risk admin may do."""
    if desk.account.address != desk.market.factory.risk_admin():
        raise refusal("pool: not the risk admin")
