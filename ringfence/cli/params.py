"""Make a market as a configuration says: announce what needs notice, and carry it out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from ape import accounts

from ringfence.cli.desk import Command
from ringfence.cli.options import reads, writes
from ringfence.cli.words import SpanWords
from ringfence.config import MarketConfig
from ringfence.config_rules import problems_on_chain
from ringfence.deployment import resolved
from ringfence.exceptions import ConfigError, Refused
from ringfence.governing import WINDOW, Change, changes
from ringfence.reasons import explained
from ringfence.sending import attempt
from ringfence.wording import moment_text

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk

TO_ANNOUNCE = ("notice: not announced", "notice: lapsed")
RAMP = 864_000  # [s] ten days
GRACE = 3_600  # [s] until a ramp is mined: the shortest one must still be long enough then


@click.group(short_help="Change parameters of a market: announce, apply, cancel")
def cli() -> None:
    """Make a market as CONFIG says, as far as it can be changed: caps, LTVs, feeds, offices.

    What lowers risk is made at once. What raises it is announced first, and may be made once the
    notice has passed: announce, wait, apply. Each command takes the changes that the account, or
    --from, may make, and names whose the others are.
    """


config_argument = click.argument(
    "path", metavar="CONFIG", type=click.Path(exists=True, path_type=Path)
)
ramp_option = click.option(
    "--ramp",
    type=SpanWords(),
    default=RAMP,
    help="How long a maintenance LTV takes to fall; 10 days unless given.",
)


@cli.command("diff", cls=Command)
@config_argument
@ramp_option
@reads
def diff(desk: Desk, path: Path, ramp: int) -> None:
    """Show what is not as CONFIG says, and what may be done about it now."""
    found = changes_to(desk, path, ramp)
    states = [state_of(desk, change) for change in found]
    facts = [
        {
            "what": change.what,
            "present": change.present,
            "wanted": change.wanted,
            "call": f"{change.call.to}.{change.call.text}",
            "by": change.sender,
            "state": state,
        }
        for change, state in zip(found, states, strict=True)
    ]
    lines = [
        f"{change.what}  {change.present} → {change.wanted}, by {change.sender}: {state}"
        for change, state in zip(found, states, strict=True)
    ]
    desk.tell(facts, lines or ["nothing that can be changed differs"])


@cli.command("announce", cls=Command)
@config_argument
@writes
def announce(desk: Desk, path: Path) -> None:
    """Announce the changes that need notice and are not announced."""
    mine = changes_of(desk, path, RAMP)
    waiting = [it for it in mine if refusal_of(it) in TO_ANNOUNCE]
    if not waiting:
        click.echo("nothing is to be announced")
        return
    desk.confirm(f"announce {describe(it)}" for it in waiting)
    if desk.carry_out([it.announcement for it in waiting]):
        for change in waiting:
            click.echo(f"{change.what} {state_of(desk, change)}")


@cli.command("apply", cls=Command)
@config_argument
@ramp_option
@writes
def apply(desk: Desk, path: Path, ramp: int) -> None:
    """Make the changes that may be made now."""
    mine = changes_of(desk, path, ramp)
    ready = [it for it in mine if refusal_of(it) is None]
    for change in mine:
        if change not in ready:
            click.echo(f"not now: {describe(change)}; {state_of(desk, change)}", err=True)
    if not ready:
        click.echo("nothing can be changed now")
        return
    desk.confirm(map(describe, ready))
    if desk.carry_out([it.call for it in ready]):
        more = "" if len(ready) == len(mine) else "; apply again for those that waited for these"
        click.echo(f"done: {len(ready)} of {len(mine)} changes made{more}")


@cli.command("cancel", cls=Command)
@config_argument
@writes
def cancel(desk: Desk, path: Path) -> None:
    """Withdraw the announcements of changes."""
    announced = [it for it in changes_of(desk, path, RAMP) if it.ready_at()]
    if not announced:
        click.echo("nothing is announced")
        return
    desk.confirm(f"do not {describe(it)}" for it in announced)
    if desk.carry_out([it.cancellation for it in announced]):
        click.echo(f"done: {len(announced)} announcements withdrawn")


def changes_to(desk: Desk, path: Path, ramp: int) -> list[Change]:
    """Return what would make the market as configured; offices that CONFIG leaves out stay."""
    config, market = MarketConfig.load(path), desk.market
    if config.name != market.name:
        raise ConfigError([f"is of market {config.name}, not of {market.name}"], str(path))
    network = market.provider.network
    test_accounts = accounts.test_accounts if network.is_local else ()
    problems = problems_on_chain(config, network.is_local, len(test_accounts))
    if problems:
        raise ConfigError(problems, str(path))
    roles = resolved(config.roles, market.manifest.deployer, accounts.test_accounts)
    named = {role: roles[role] for role, ref in vars(config.roles).items() if ref is not None}
    now = market.provider.get_block("latest").timestamp
    with explained():
        return changes(market, config, named, now + ramp + GRACE)


def changes_of(desk: Desk, path: Path, ramp: int) -> list[Change]:
    """Return those of the changes that the sender may make; name the others."""
    found = changes_to(desk, path, ramp)
    me = str(desk.account.address)
    for change in found:
        if change.sender != me:
            click.echo(f"not by {me}: {describe(change)}, by {change.sender}", err=True)
    return [it for it in found if it.sender == me]


def describe(change: Change) -> str:
    """Say what changes, in the contracts' units."""
    return f"change {change.what}  {change.present} → {change.wanted}"


def refusal_of(change: Change) -> str | None:
    """Return why a change may not be made now; None if it may."""
    try:
        with explained():
            attempt(change.call.method, *change.call.arguments, sender=Sender(change.sender))
    except Refused as error:
        return error.reason
    return None


def state_of(desk: Desk, change: Change) -> str:
    """Say whether a change may be made now, or when."""
    ready, reason = change.ready_at(), refusal_of(change)
    if reason is None:
        return "may be made now"
    now = desk.market.provider.get_block("latest").timestamp
    if reason in TO_ANNOUNCE:
        return "must be announced"
    if ready > now:
        return f"may be made from {moment_text(ready)} to {moment_text(ready + WINDOW)}"
    return f"is refused now: {reason}"


class Sender:
    """Somebody whose call is tried."""

    def __init__(self, address: Any) -> None:
        self.address = address
