"""Lend to the pool of a market, and take it back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from ringfence.calls import Call
from ringfence.cli.amounts import check_wallet, refuse, units_of
from ringfence.cli.desk import Command
from ringfence.cli.options import reads, writes
from ringfence.cli.words import ADDRESS, amount_argument
from ringfence.pool import Pool
from ringfence.units import added, format_number, format_percent, from_base, ray_to_yearly, to_base
from ringfence.wording import pool_lines

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk
    from ringfence.units import Amount


@click.group(short_help="Show the lenders' pool, deposit and withdraw")
def cli() -> None:
    """Lend to the pool of a market, and take it back.

    AMOUNT is a number, such as 1,000 or 1,000 USDC, or max for the most that passes.
    """


@cli.command("show", cls=Command)
@click.option("--lender", type=ADDRESS, help="Show what this lender has, too.")
@reads
def show(desk: Desk, lender: str | None) -> None:
    """Show what is lent, what is free, and the rates."""
    pool, symbol = Pool(desk.market), desk.market.asset_symbol
    summary = pool.summary(desk.block)
    facts, lines = {"asset": symbol, **vars(summary)}, pool_lines(summary, symbol)
    if lender is not None:
        worth = pool.worth_of(lender, desk.block)
        facts |= {"lender": lender, "worth": worth}
        lines.append(f"{lender} has {format_number(worth)} {symbol}")
    desk.tell(facts, lines)


@cli.command("accrue", cls=Command)
@writes
def accrue(desk: Desk) -> None:
    """Write the interest until now into the books; anyone may, and a changed rate holds from then
    on.
    """
    pool = desk.market.pool
    desk.confirm([f"write interest into the books of market {desk.market.name}"])
    if desk.carry_out([Call(pool.accrue)]):
        rate = format_percent(ray_to_yearly(pool.borrow_rate()))
        desk.say(f"done: the borrow rate is {rate} a year")


@cli.command("collect", cls=Command)
@writes
def collect(desk: Desk) -> None:
    """Issue the shares of interest that insurance fund and treasury have earned; anyone may."""
    desk.confirm([f"issue the reserves' shares of market {desk.market.name}"])
    if desk.carry_out([Call(desk.market.pool.collect)]):
        desk.say("done: the reserves have their shares")


@cli.command("deposit", cls=Command)
@amount_argument
@writes
def deposit(desk: Desk, amount: Amount) -> None:
    """Lend AMOUNT of the credit asset to the pool."""
    market, account, pool = desk.market, desk.account, Pool(desk.market)
    symbol, decimals = market.asset_symbol, market.asset_decimals
    wallet = market.asset.balanceOf(account)
    room = to_base(pool.largest_deposit(), decimals)
    units = units_of(amount, symbol, decimals, min(wallet, room))
    if units > room or room == 0:
        is_paused = pool.summary().pause_level > 0
        reason = "pool: paused" if is_paused else "pool: supply cap reached"
        refuse(reason, room, decimals, symbol)
    check_wallet(wallet, units, decimals, symbol)

    assets, stake = from_base(units, decimals), pool.worth_of(account)
    desk.confirm(
        [
            f"lend {format_number(assets)} {symbol}",
            change("your stake", stake, added(stake, assets), symbol),
            f"lending rate  {format_percent(pool.summary().lending_rate)} a year, less after this",
        ]
    )
    if desk.carry_out(pool.calls_to_deposit(assets, account, account, desk.outlet.is_later)):
        desk.say(f"done: your stake is {format_number(pool.worth_of(account))} {symbol}")


@cli.command("withdraw", cls=Command)
@amount_argument
@writes
def withdraw(desk: Desk, amount: Amount) -> None:
    """Take AMOUNT of the credit asset out of the pool."""
    market, account, pool = desk.market, desk.account, Pool(desk.market)
    symbol, decimals = market.asset_symbol, market.asset_decimals
    most = to_base(pool.largest_withdrawal(account), decimals)
    units = units_of(amount, symbol, decimals, most)
    stake = pool.worth_of(account)
    if stake == 0:
        refuse("share: balance too low", 0, decimals, symbol)
    if units > most or units == 0:
        is_short = units > to_base(stake, decimals)
        reason = "share: balance too low" if is_short else "pool: insufficient cash"
        refuse(reason, most, decimals, symbol)

    assets = from_base(units, decimals)
    desk.confirm(
        [
            f"withdraw {format_number(assets)} {symbol}",
            change(
                "your stake", stake, max(added(stake, assets.copy_negate()), Decimal(0)), symbol
            ),
        ]
    )
    part = None if amount.is_max else assets
    receipt = desk.carry_out(pool.calls_to_withdraw(part, account, account))
    if receipt is None:
        return
    paid = pool.received(receipt)
    left = f"{format_number(pool.worth_of(account))} {symbol}"
    desk.say(f"done: {format_number(paid)} {symbol} received, your stake is {left}")


def change(name: str, before: Decimal, after: Decimal, symbol: str) -> str:
    """One line of what will change."""
    return f"{name}  {format_number(before)} → {format_number(after)} {symbol}"
