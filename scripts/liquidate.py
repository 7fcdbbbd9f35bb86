"""Liquidate a vault that is short."""

import click

from ringfence import preview
from ringfence.exceptions import NotLiquidatable, Refused
from ringfence.reasons import explained, refusal
from ringfence.units import (
    WAD,
    format_number,
    from_base,
    from_wad,
    to_base,
)
from ringfence.wording import change_lines
from scripts._desk import AmountWords, Command, ShareWords, check_wallet, writes


@click.command(cls=Command, short_help="Liquidate a vault")
@click.argument("vault")
@click.option("--token", metavar="SYMBOL", help="Collateral to seize; the best deal unless given.")
@click.option("--max", "most", metavar="AMOUNT", type=AmountWords(), help="Most to repay.")
@click.option(
    "--slippage",
    type=ShareWords(),
    default="1 %",
    show_default=True,
    help="How much less than quoted may be seized before the vault refuses.",
)
@writes
def cli(desk, vault, token, most, slippage):
    """Repay debt of VAULT, whose health is below 1, and take collateral with a bonus.

    VAULT is its label or its address. If no collateral above dust is left, its loss is realised.
    """
    vault = desk.vault(vault)
    state = vault.snapshot()
    limit = None if most is None or most.is_max else most.number
    margin = preview.margin_of(state)
    if state.scaled_debt == 0:
        raise refusal("vault: no debt")
    if margin.health >= WAD:
        raise refusal("engine: vault is healthy")
    symbol, quote = best_deal(vault, state, token, limit)
    if symbol is None:
        realise(desk, vault, state)
        return

    payment = to_base(quote.repaid + quote.insurance, state.asset_decimals)
    wallet = desk.market.asset.balanceOf(desk.account)
    if payment:
        check_wallet(wallet, payment, state.asset_decimals, state.asset_symbol)
    desk.confirm(describe(state, symbol, quote, desk.quote))
    least = quote.seized * (1 - slippage)
    done = vault.liquidate(symbol, desk.account, limit, least)
    click.echo(
        f"done: seized {format_number(done.seized)} {symbol} for"
        f" {format_number(done.repaid + done.insurance)} {state.asset_symbol}"
    )


def best_deal(vault, state, token, limit):
    """Return the collateral that leaves the liquidator most, with its quote; None if there is none.

    With a token named, it is that one or the reason why not.
    """
    if token is not None:
        held = state.holding(token)
        return held.symbol, vault.quote_liquidation(held.symbol, limit)
    deals = {}
    for held in state.counted:
        try:
            deals[held.symbol] = vault.quote_liquidation(held.symbol, limit)
        except Refused:
            continue
    if not deals:
        return None, None
    symbol = max(deals, key=lambda name: profit(state, name, deals[name]))
    return symbol, deals[symbol]


def realise(desk, vault, state):
    """Write the loss off, if that is what is left to do."""
    try:
        with explained():
            vault.contract.realise_loss.call(sender=desk.account)
    except Refused as error:
        advice = "no token of the vault can be seized now; try again later"
        raise NotLiquidatable(error.reason, advice) from None
    lost = f"{format_number(from_base(state.debt, state.asset_decimals))} {state.asset_symbol}"
    desk.confirm([f"no collateral above dust is left: write off a debt of {lost}"])
    done = vault.realise_loss(desk.account)
    covered, lost = format_number(done.covered), format_number(done.lost)
    click.echo(f"done: the insurance fund bore {covered} of it, the lenders {lost}")


def profit(state, symbol, quote):
    """What a liquidator gains at the oracle's prices. [quote currency]"""
    worth = quote.seized * from_wad(state.holding(symbol).price)
    return worth - (quote.repaid + quote.insurance) * from_wad(state.debt_price)


def describe(state, symbol, quote, currency):
    """Say what the liquidation will do."""
    asset, decimals = state.asset_symbol, state.asset_decimals
    bad_debt = to_base(quote.covered + quote.lost, decimals)
    seized = to_base(quote.seized, state.holding(symbol).decimals)
    repaid = to_base(quote.repaid, decimals)
    gain = profit(state, symbol, quote)
    lines = [
        f"repay {format_number(quote.repaid)} {asset}, and {format_number(quote.insurance)} {asset}"
        " to the insurance fund",
        f"seize {format_number(quote.seized)} {symbol}",
        f"gain  {format_number(gain, 2)} {currency} at the oracle's prices, gas aside",
    ]
    if bad_debt:
        lines.append(
            f"loss  {format_number(quote.covered)} {asset} to the insurance fund,"
            f" {format_number(quote.lost)} {asset} to the lenders"
        )
    after = preview.after_liquidation(state, symbol, repaid, seized, bad_debt)
    return lines + change_lines(state, after, currency)
