"""Who governs a market, and how an office or its ownership passes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from ape.utils.misc import ZERO_ADDRESS

from ringfence.calls import Call
from ringfence.cli.desk import Command
from ringfence.cli.options import reads, writes
from ringfence.cli.words import ADDRESS
from ringfence.config import OFFICES
from ringfence.governing import OWNED, roles_of
from ringfence.reasons import refusal

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk

office_argument = click.argument(
    "office", type=click.Choice([it.replace("_", "-") for it in OFFICES])
)
part_argument = click.argument("part", type=click.Choice(OWNED))
address_argument = click.argument("who", metavar="ADDRESS", type=ADDRESS)


@click.group(short_help="Show and pass on who governs a market")
def cli() -> None:
    """Show and pass on who governs a market.

    The owner of the factory names the officers. Factory and oracle are offered to a new owner, who
    must accept: an address that nobody commands never becomes the owner.
    """


@cli.command("show", cls=Command)
@reads
def show(desk: Desk) -> None:
    """Show who fills each office, and to whom ownership is offered."""
    facts = roles_of(desk.market, desk.read)
    desk.tell(facts, [f"{name:<20} {address}" for name, address in facts.items()])


@cli.command("set", cls=Command)
@office_argument
@address_argument
@writes
def set_office(desk: Desk, office: str, who: str) -> None:
    """Give OFFICE to ADDRESS, as the owner of the factory."""
    factory, name = desk.market.factory, office.replace("-", "_")
    if desk.account.address != factory.owner():
        raise refusal("ownership: not the owner")
    present = getattr(factory, name)()
    desk.confirm([f"{office}  {present} → {who}"])
    if desk.carry_out([Call(getattr(factory, f"set_{name}"), (who,))]):
        desk.say(f"done: {office} is {who}")


@cli.command("offer", cls=Command)
@part_argument
@address_argument
@writes
def offer(desk: Desk, part: str, who: str) -> None:
    """Offer PART to ADDRESS, as its owner; the zero address takes an offer back."""
    contract = getattr(desk.market, part)
    if desk.account.address != contract.owner():
        raise refusal("ownership: not the owner")
    desk.confirm([f"offer the {part}, which is {contract.owner()}'s, to {who}"])
    if desk.carry_out([Call(contract.transfer_ownership, (who,))]):
        is_back = who == ZERO_ADDRESS
        more = f"{who} may accept the {part} with: roles accept {part}"
        desk.say(f"done: {'the offer is taken back' if is_back else more}")


@cli.command("accept", cls=Command)
@part_argument
@writes
def accept(desk: Desk, part: str) -> None:
    """Accept PART, as the one to whom it was offered."""
    contract = getattr(desk.market, part)
    if desk.account.address != contract.pending_owner():
        raise refusal("ownership: not the candidate")
    desk.confirm([f"owner of the {part}  {contract.owner()} → {desk.account.address}"])
    if desk.carry_out([Call(contract.accept_ownership)]):
        desk.say(f"done: the {part} is {desk.account.address}'s")
