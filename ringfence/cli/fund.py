"""The insurance fund of a market, which bears losses before its lenders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ringfence.calls import Call
from ringfence.cli.amounts import check_wallet, units_of
from ringfence.cli.desk import Command
from ringfence.cli.noticing import carry_stage, with_notice
from ringfence.cli.options import reads, writes
from ringfence.cli.words import ADDRESS, amount_argument
from ringfence.governing import Change
from ringfence.market import Market
from ringfence.pool import SHARE_DECIMALS
from ringfence.units import Amount, from_base
from ringfence.wording import amount_text

if TYPE_CHECKING:
    from typing import Any

    from ringfence.cli.desk import Desk


@click.group(short_help="Show the insurance fund, and take out of it")
def cli() -> None:
    """Show the insurance fund of a market, and take out of it with notice.

    AMOUNT is a number and a token: the credit asset, the pool's shares by their symbol, or a
    delisted token.
    """


@cli.command("show", cls=Command)
@reads
def show(desk: Desk) -> None:
    """Show what the fund has: shares of the pool, what they are worth, and cash."""
    market, symbol, decimals = desk.market, desk.market.asset_symbol, desk.market.asset_decimals
    shares = desk.read(market.pool.balanceOf, market.fund)
    worth = from_base(desk.read(market.pool.convertToAssets, shares), decimals)
    cash = from_base(desk.read(market.asset.balanceOf, market.fund), decimals)
    facts = {
        "asset": symbol,
        "shares": from_base(shares, decimals + SHARE_DECIMALS),
        "worth": worth,
        "cash": cash,
    }
    desk.tell(facts, [f"{name:<7} {value}" for name, value in facts.items()])


@cli.command("withdraw", cls=Command)
@amount_argument
@click.option("--to", "receiver", type=ADDRESS, required=True, help="Who gets it.")
@with_notice
@writes
def withdraw(desk: Desk, amount: Amount, receiver: str, stage: str | None) -> None:
    """Take AMOUNT out of the fund, as the owner of the market, after notice.

    The fund stays whole while losses have stopped borrowing.
    """
    market = desk.market
    if amount.symbol is None or amount.is_max:
        raise click.UsageError("Name an amount and its token: what is announced is one number.")
    token, decimals = token_of(market, amount.symbol)
    units = units_of(amount, amount.symbol, decimals, 0)
    check_wallet(token.balanceOf(market.fund), units, decimals, amount.symbol)
    what = f"take {amount_text(units, decimals, amount.symbol)} out of the fund, to {receiver}"
    call = Call(market.fund.withdraw, (token, units, receiver))
    carry_stage(desk, Change(what, None, None, call, str(market.factory.owner())), stage)


def token_of(market: Market, symbol: str) -> tuple[Any, int]:
    """Return a token of the fund and its decimals."""
    if symbol.lower() == str(market.pool.symbol()).lower():
        return market.pool, market.asset_decimals + SHARE_DECIMALS
    token = market.token(symbol)
    return token, int(token.decimals())
