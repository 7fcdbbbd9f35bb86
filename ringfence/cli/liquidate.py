"""Liquidate a vault that is short."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from ringfence import preview
from ringfence.cli.amounts import check_wallet, units_of
from ringfence.cli.desk import Command
from ringfence.cli.options import writes
from ringfence.cli.words import AMOUNT, SHARE
from ringfence.exceptions import AmountError, NotLiquidatable, Refused
from ringfence.quotes import gain, largest_repayment
from ringfence.reasons import explained, refusal
from ringfence.sending import attempt
from ringfence.units import WAD, format_number, from_base
from ringfence.wording import amount_text, change_lines, value_text, vault_text

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk
    from ringfence.quotes import Bounds, Quote
    from ringfence.snapshot import VaultState
    from ringfence.units import Amount
    from ringfence.vault import Vault


@click.command(cls=Command, short_help="Liquidate a vault")
@click.argument("word", metavar="VAULT")
@click.option("--token", metavar="SYMBOL", help="Collateral to seize; the best deal unless given.")
@click.option("--max", "most", metavar="AMOUNT", type=AMOUNT, help="Most to repay.")
@click.option(
    "--slippage",
    type=SHARE,
    default="1 %",
    show_default=True,
    help="How much more than quoted you would repay, and how much less seize, before the vault"
    " refuses. The interest of a few minutes is allowed for besides.",
)
@writes
def cli(desk: Desk, word: str, token: str | None, most: Amount | None, slippage: Decimal) -> None:
    """Repay debt of VAULT, whose health is below 1, and take collateral with a bonus.

    VAULT is its label or its address. If no collateral above dust is left, its loss is realised.
    """
    vault = desk.vault(word)
    state = vault.snapshot()
    limit = limit_of(state, most)
    margin = preview.margin_of(state)
    if state.scaled_debt == 0:
        raise refusal("vault: no debt")
    if margin.health >= WAD:
        raise refusal("engine: vault is healthy")
    quote = best_deal(vault, state, token, limit)
    if quote is None:
        realise(desk, vault, state, word)
        return

    bounds = vault.bounds(quote, slippage, limit)
    check_purse(desk, vault, state, bounds.payment)
    lines = describe(state, quote, bounds, desk.quote)
    desk.confirm([f"liquidate {vault_text(word, state)}", *lines])
    account = desk.account
    calls = desk.calls_of(vault).liquidate(quote.symbol, account, bounds, account)
    receipt = desk.carry_out(calls)
    if receipt is None:
        return
    done = vault.settlement(receipt, quote.symbol)
    desk.say(
        f"done: seized {format_number(done.seized)} {quote.symbol} for"
        f" {format_number(done.payment)} {state.asset_symbol}"
    )


def limit_of(state: VaultState, most: Amount | None) -> Decimal | None:
    """Return the most that shall be repaid, in whole credit assets; None without a limit."""
    if most is None:
        return None
    units_of(most, state.asset_symbol, state.asset_decimals, 0)  # is it one of the credit asset?
    return most.number


def check_purse(desk: Desk, vault: Vault, state: VaultState, payment: int) -> None:
    """Refuse to begin what the wallet may not suffice for."""
    symbol, decimals = state.asset_symbol, state.asset_decimals
    wallet = desk.market.asset.balanceOf(desk.account)
    if payment > 0:
        check_wallet(wallet, min(payment, wallet), decimals, symbol)
    if payment <= wallet:
        return
    enough = from_base(largest_repayment(wallet, vault.insurance_share()), decimals)
    raise AmountError(
        f"this may take {amount_text(payment, decimals, symbol)}, and there is only"
        f" {amount_text(wallet, decimals, symbol)}; add --max {format_number(enough)}"
    )


def best_deal(
    vault: Vault, state: VaultState, token: str | None, limit: Decimal | None
) -> Quote | None:
    """Return the quote that leaves the liquidator most; None if there is none.

    With a token named, it is that one's or the reason why not.
    """
    if token is not None:
        return vault.quote(state.holding(token).symbol, limit)
    quotes = []
    for held in state.counted:
        if held.balance == 0 or not held.is_live:
            continue
        try:
            quotes.append(vault.quote(held.symbol, limit))
        except Refused:
            continue
    return max(quotes, key=lambda quote: gain(state, quote), default=None)


def realise(desk: Desk, vault: Vault, state: VaultState, word: str) -> None:
    """Write the loss off, if that is what is left to do."""
    try:
        with explained():
            attempt(vault.contract.realise_loss, sender=desk.account)
    except Refused as error:
        advice = "no token of the vault can be seized now; try again later"
        raise NotLiquidatable(error.reason, advice) from None
    lost = amount_text(state.debt, state.asset_decimals, state.asset_symbol)
    what = f"no collateral above dust is left: write off a debt of {lost}"
    desk.confirm([f"liquidate {vault_text(word, state)}", what])
    receipt = desk.carry_out(desk.calls_of(vault).realise_loss())
    if receipt is None:
        return
    done = vault.settlement(receipt)
    covered, lost = format_number(done.covered), format_number(done.lost)
    desk.say(f"done: the insurance fund bore {covered} of it, the lenders {lost}")


def describe(state: VaultState, quote: Quote, bounds: Bounds, currency: str) -> list[str]:
    """Say what the liquidation will do, and what it may at worst."""

    def assets(units: int) -> str:
        return amount_text(units, state.asset_decimals, state.asset_symbol)

    held = state.holding(quote.symbol)
    seized, least = (
        amount_text(it, held.decimals, held.symbol) for it in (quote.seized, bounds.seized)
    )
    lines = [
        f"repay {assets(quote.repaid)}, and {assets(quote.insurance)} to the insurance fund",
        f"seize {seized}",
        f"limit pay at most {assets(bounds.payment)} in all, seize at least {least}",
        f"gain  {value_text(gain(state, quote), currency)} at the oracle's prices, gas aside",
    ]
    if quote.bad_debt:
        lines.append(
            f"loss  {assets(quote.covered)} to the insurance fund, {assets(quote.lost)} to the"
            " lenders"
        )
    after = preview.after_liquidation(
        state, quote.symbol, quote.repaid, quote.seized, quote.bad_debt
    )
    return lines + change_lines(state, after, currency)
