"""Changes that may need notice: whether one may be made now, and what is left to be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
from ape.api.address import Address
from eth_utils.address import to_checksum_address

from ringfence.exceptions import Refused, RingfenceError
from ringfence.governing import WINDOW, Change
from ringfence.reasons import explained
from ringfence.sending import attempt
from ringfence.wording import moment_text

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk

ANNOUNCE, CANCEL = "announce", "cancel"
TO_ANNOUNCE = ("notice: not announced", "notice: lapsed")


def with_notice(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the choice to announce what it does, or to withdraw the announcement."""
    announce = click.option(
        "--announce", "stage", flag_value=ANNOUNCE, help="Announce it; make it after the notice."
    )
    cancel = click.option(
        "--cancel", "stage", flag_value=CANCEL, help="Withdraw the announcement of it."
    )
    return announce(cancel(command))


def carry_stage(desk: Desk, change: Change, stage: str | None) -> None:
    """Announce a change, withdraw the announcement, or make it: the same words each time."""
    if str(desk.account.address) != change.sender:
        raise RingfenceError(f"{desk.account.address} may not do that, {change.sender} may")
    stages = {ANNOUNCE: change.announcement, CANCEL: change.cancellation}
    call = stages.get(stage or "", change.call)
    desk.confirm([f"{stage}: {change.what}" if stage else change.what])
    if not desk.carry_out([call]):
        return
    done = {ANNOUNCE: state_of(desk, change), CANCEL: "announcement withdrawn"}
    desk.say(f"done: {done.get(stage or '', 'it is made')}")


def describe(change: Change) -> str:
    """Say what changes, in the contracts' units."""
    return f"change {change.what}  {change.present} → {change.wanted}"


def refusal_of(change: Change) -> str | None:
    """Return why a change may not be made now; None if it may."""
    try:
        with explained():
            sender = Address(to_checksum_address(change.sender))
            attempt(change.call.method, *change.call.arguments, sender=sender)
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
