"""Make a market as a configuration says: announce what needs notice, and carry it out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click
from ape import accounts
from ape.utils.misc import ZERO_ADDRESS

from ringfence.calls import Call
from ringfence.cli.desk import Command
from ringfence.cli.noticing import (
    TO_ANNOUNCE,
    carry_stage,
    describe,
    refusal_of,
    state_of,
    with_notice,
)
from ringfence.cli.options import reads, writes
from ringfence.cli.words import ADDRESS, CONFIG, NUMBER, SPAN
from ringfence.config import MarketConfig
from ringfence.config_rules import problems_on_chain
from ringfence.deployment import resolved
from ringfence.exceptions import ConfigError
from ringfence.governing import Change, changes
from ringfence.market import FEED, instance
from ringfence.reasons import explained
from ringfence.units import DAY, to_base

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk

RAMP = 10 * DAY
GRACE = 3_600  # [s] until a ramp is mined: the shortest one must still be long enough then


@click.group(short_help="Change parameters of a market: announce, apply, cancel")
def cli() -> None:
    """Make a market as CONFIG says, as far as it can be changed: caps, LTVs, feeds, offices.

    What lowers risk is made at once. What raises it is announced first, and may be made once the
    notice has passed: announce, wait, apply. Each command takes the changes that the account, or
    --from, may make, and names whose the others are.
    """


config_argument = click.argument("path", metavar="CONFIG", type=CONFIG)
ramp_option = click.option(
    "--ramp",
    type=SPAN,
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
        desk.say("nothing is to be announced")
        return
    desk.confirm(f"announce {describe(it)}" for it in waiting)
    if desk.carry_out([it.announcement for it in waiting]):
        for change in waiting:
            desk.say(f"{change.what} {state_of(desk, change)}")


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
        desk.say("nothing can be changed now")
        return
    desk.confirm(map(describe, ready))
    if desk.carry_out([it.call for it in ready]):
        more = "" if len(ready) == len(mine) else "; apply again for those that waited for these"
        desk.say(f"done: {len(ready)} of {len(mine)} changes made{more}")


@cli.command("cancel", cls=Command)
@config_argument
@writes
def cancel(desk: Desk, path: Path) -> None:
    """Withdraw the announcements of changes."""
    announced = [it for it in changes_of(desk, path, RAMP) if it.ready_at()]
    if not announced:
        desk.say("nothing is announced")
        return
    desk.confirm(f"do not {describe(it)}" for it in announced)
    if desk.carry_out([it.cancellation for it in announced]):
        desk.say(f"done: {len(announced)} announcements withdrawn")


@cli.command("delist", cls=Command)
@click.argument("symbol")
@with_notice
@writes
def delist(desk: Desk, symbol: str, stage: str | None) -> None:
    """Delist the token SYMBOL for good, as the risk admin: it carries no debt from then on.

    It needs notice, and a maintenance LTV that has been ramped to zero, or a dead price.
    """
    market = desk.market
    call = Call(market.engine.delist_token, (market.token(symbol),))
    admin = str(market.factory.risk_admin())
    carry_stage(desk, Change(f"delist {symbol} for good", None, None, call, admin), stage)


@cli.command("second-feed", cls=Command)
@click.argument("symbol")
@click.argument("source", metavar="FEED", type=ADDRESS)
@click.option("--heartbeat", type=SPAN, default=DAY, help="Age of a stale answer; a day.")
@click.option("--lowest", type=NUMBER, default="0", help="Lowest believable price.")
@click.option("--highest", type=NUMBER, default="0", help="Highest believable price.")
@with_notice
@writes
def second_feed(
    desk: Desk,
    symbol: str,
    source: str,
    heartbeat: int,
    lowest: Decimal,
    highest: Decimal,
    stage: str | None,
) -> None:
    """Let FEED price the token SYMBOL as well, as the owner of the oracle; the lower price counts
    when risk grows. The zero address removes it. It needs notice.
    """
    market, oracle = desk.market, desk.market.oracle
    token = market.token(symbol)
    terms = (0, 0, 0)
    if source != ZERO_ADDRESS:
        decimals = instance(market.project, FEED, source).decimals()
        terms = (heartbeat, to_base(lowest, decimals), to_base(highest, decimals))
    call = Call(oracle.set_second_feed, (token, source, *terms))
    what = f"second feed of {symbol}  {oracle.second_feed_of(token).source} → {source}"
    carry_stage(desk, Change(what, None, None, call, str(oracle.owner())), stage)


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
