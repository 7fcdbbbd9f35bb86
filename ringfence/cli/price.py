"""Move the price of a mock feed, to see what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ringfence.calls import Call
from ringfence.cli.desk import Command
from ringfence.cli.options import writes
from ringfence.exceptions import RingfenceError
from ringfence.standing import is_own_chain
from ringfence.units import UnitError, format_number, from_base, parse_number, to_base

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk


@click.command(cls=Command, short_help="Set the price of a mock feed")
@click.argument("symbol")
@click.argument("price")
@writes
def cli(desk: Desk, symbol: str, price: str) -> None:
    """Set the price of the token SYMBOL to PRICE, on a chain of one's own with mock feeds."""
    market = desk.market
    if not is_own_chain(market.provider):
        raise RingfenceError("prices of a live network come from their feeds")
    feed = market.feed(symbol)
    try:
        answer = to_base(parse_number(price), feed.decimals())
    except UnitError as error:
        raise click.BadParameter(str(error), param_hint="PRICE") from None

    before, after = (
        format_number(from_base(it, feed.decimals())) for it in (feed.answer(), answer)
    )
    desk.confirm([f"price of {symbol}  {before} → {after} {desk.quote}"])
    if desk.carry_out([Call(feed.set_answer, (answer,))]):
        desk.say(f"done: {symbol} is at {after} {desk.quote}")
