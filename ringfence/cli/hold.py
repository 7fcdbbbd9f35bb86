"""Hold a vault, as the compliance officer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ringfence.cli.desk import Command
from ringfence.cli.options import writes
from ringfence.cli.words import SPAN
from ringfence.market import label_bytes
from ringfence.reasons import refusal
from ringfence.wording import moment_text, vault_text

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk


@click.group(short_help="Place and release holds of vaults")
def cli() -> None:
    """Place and release holds of vaults, as the compliance officer.

    Nothing can be withdrawn from a vault on hold or borrowed for it, for at most 30 days; it can be
    repaid, deposited to and liquidated as ever. VAULT is its label or its address.
    """


@cli.command("place", cls=Command)
@click.argument("word", metavar="VAULT")
@click.option("--for", "span", type=SPAN, required=True, help='How long, such as "5 days".')
@click.option("--reason", required=True, help="Up to 32 bytes, such as a case number; public.")
@writes
def place(desk: Desk, word: str, span: int, reason: str) -> None:
    """Hold VAULT."""
    vault = desk.vault(word)
    state = vault.snapshot()
    check_officer(desk)
    until = state.now + span
    present = moment_text(state.hold_until) if state.hold_until >= state.now else "none"
    what = f'hold {vault_text(word, state)}, reason "{reason}"'
    desk.confirm([what, f"until  {present} → {moment_text(until)}"])
    if desk.carry_out(desk.calls_of(vault).place_hold(label_bytes(reason), until)):
        desk.say(f"done: on hold until {moment_text(until)}")


@cli.command("release", cls=Command)
@click.argument("word", metavar="VAULT")
@writes
def release(desk: Desk, word: str) -> None:
    """End the hold of VAULT."""
    vault = desk.vault(word)
    state = vault.snapshot()
    check_officer(desk)
    if state.hold_until < state.now:
        raise refusal("vault: not on hold")
    until = moment_text(state.hold_until)
    desk.confirm([f"release {vault_text(word, state)}, on hold until {until}"])
    if desk.carry_out(desk.calls_of(vault).release_hold()):
        desk.say("done: not on hold")


def check_officer(desk: Desk) -> None:
    """Refuse what only the compliance officer may do."""
    if desk.account.address != desk.market.factory.compliance_officer():
        raise refusal("vault: not the officer")
