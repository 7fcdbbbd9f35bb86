"""Make up mock tokens, to have something to play with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ringfence.calls import Call
from ringfence.cli.desk import Command
from ringfence.cli.options import writes
from ringfence.cli.words import ADDRESS, amount_argument
from ringfence.exceptions import AmountError, RingfenceError
from ringfence.standing import is_own_chain
from ringfence.units import format_number, to_base

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk
    from ringfence.units import Amount


@click.command(cls=Command, short_help="Make up mock tokens")
@amount_argument
@click.option("--to", "receiver", type=ADDRESS, help="Who gets them; the account unless given.")
@writes
def cli(desk: Desk, amount: Amount, receiver: str | None) -> None:
    """Make up AMOUNT of a token, such as 100 WETH, on a chain of one's own with mock tokens."""
    market = desk.market
    if not is_own_chain(market.provider):
        raise RingfenceError("money of a live network cannot be made up")
    if amount.number is None or amount.symbol is None:
        raise AmountError(f'"{amount}" is no amount of a token; write it like 100 WETH')
    token, who = market.token(amount.symbol), receiver or str(desk.account.address)
    units = to_base(amount.number, token.decimals())
    desk.confirm([f"make up {amount} for {who}"])
    if desk.carry_out([Call(token.mint, (who, units))]):
        held = format_number(amount.number)
        desk.say(f"done: {who} got {held} {market.symbol_of(str(token.address))}")
