"""Open vaults, look at them, and move money in and out."""

import click
from eth_utils import is_address

from ringfence import preview
from ringfence.exceptions import AmountError
from ringfence.reasons import refusal
from ringfence.registry import margins, openings
from ringfence.units import format_number, from_base
from ringfence.vault import Vault
from ringfence.wording import HEALTH_PLACES, amount_text, change_lines, health_text, vault_lines
from scripts._desk import (
    AddressWord,
    Command,
    amount_argument,
    check_wallet,
    reads,
    refuse,
    units_of,
    writes,
)


@click.group(short_help="Open, show and use vaults")
def cli():
    """Open vaults, look at them, and move money in and out.

    VAULT is the label under which it was opened, or its address. AMOUNT is a number and a token,
    such as 10 WETH, or max for the most that passes. Before anything is sent you see what will
    change, and are asked.
    """


# -- Opening and looking ---------------------------------------------------------------------------


@cli.command("open", cls=Command)
@click.argument("label")
@click.option("--owner", type=AddressWord(), help="Owner of the vault; the account unless given.")
@click.option(
    "--house", is_flag=True, help="For the platform's own money, from the market's owner."
)
@writes
def open_vault(desk, label, owner, house):
    """Open a vault under LABEL."""
    account, market = desk.account, desk.market
    if house and owner:
        raise click.UsageError("--house and --owner exclude each other.")
    owner = owner or account.address
    reason = market.refusal_of_opening(owner, label, house)
    if reason is not None:
        raise refusal(reason)
    kind = "house" if house else "client"
    desk.confirm([f'open a {kind} vault "{label}" for {owner} in market {market.name}'])
    if house:
        vault = Vault.open_house(market, label, account)
    else:
        vault = Vault.open(market, owner, label, account)
    click.echo(f"vault {vault.address} is open")


@cli.command("show", cls=Command)
@click.argument("vault", required=False)
@reads
def show(desk, vault):
    """Show what VAULT holds and owes, or list all vaults."""
    if vault is not None:
        state = desk.vault(vault).snapshot()
        for line in vault_lines(state, desk.quote):
            click.echo(line)
        return
    opened = openings(desk.market)
    rows = margins(desk.market, [opening.vault for opening in opened])
    click.echo(f"market {desk.market.name}, vaults: {len(opened)}")
    for opening, row in zip(opened, rows, strict=True):
        debt = f"{format_number(row.debt)} {desk.market.asset_symbol}"
        dead = f", price of {row.dead_token} is dead" if row.dead_token else ""
        health = health_text(row.health) if row.health else "unknown"
        click.echo(
            f"{opening.id:>4}  {opening.vault}  {opening.label}  {opening.fund_class}"
            f"  debt {debt}  health {health}{dead}"
        )


# -- Collateral ------------------------------------------------------------------------------------


@cli.command("deposit", cls=Command)
@click.argument("vault")
@amount_argument
@writes
def deposit(desk, vault, amount):
    """Deposit AMOUNT of a listed token into VAULT; anyone may."""
    vault = desk.vault(vault)
    state = vault.snapshot()
    held = state.holding(token_of(amount))
    if not held.is_listed:
        raise refusal("engine: token delisted")
    token = desk.market.token_at(held.token)
    wallet = token.balanceOf(desk.account)
    units = units_of(amount, held.symbol, held.decimals, wallet)
    check_wallet(wallet, units, held.decimals, held.symbol)

    by_owner = desk.account.address == state.owner
    after = preview.after_deposit(state, held.symbol, units, by_owner)
    what = amount_text(units, held.decimals, held.symbol)
    desk.confirm([f"deposit {what}", *change_lines(state, after, desk.quote)])
    vault.deposit(held.symbol, from_base(units, held.decimals), desk.account)
    tell(vault, desk)
    if held.symbol not in vault.collaterals():
        click.echo(f"{held.symbol} does not count as collateral until the owner enables it")


@cli.command("enable", cls=Command)
@click.argument("vault")
@click.argument("symbol")
@writes
def enable(desk, vault, symbol):
    """Let the token SYMBOL in VAULT count as collateral, as its owner."""
    vault = desk.vault(vault)
    state = vault.snapshot()
    check_owner(desk, state)
    after = preview.after_enabling(state, symbol, True)
    desk.confirm([f"enable {symbol}", *change_lines(state, after, desk.quote)])
    vault.enable(symbol, desk.account)
    tell(vault, desk)


@cli.command("disable", cls=Command)
@click.argument("vault")
@click.argument("symbol")
@writes
def disable(desk, vault, symbol):
    """Let the token SYMBOL in VAULT count no more, as its owner."""
    vault = desk.vault(vault)
    before, state = desk.snapshot(vault)
    check_owner(desk, state)
    reason = preview.refusal_of_disabling(state, symbol)
    if reason is not None:
        raise refusal(reason)
    after = preview.after_enabling(before, symbol, False)
    desk.confirm([f"disable {symbol}", *change_lines(before, after, desk.quote)])
    vault.disable(symbol, desk.account)
    tell(vault, desk)


@cli.command("withdraw", cls=Command)
@click.argument("vault")
@amount_argument
@click.option("--to", "receiver", type=AddressWord(), help="Receiver; the account unless given.")
@writes
def withdraw(desk, vault, amount, receiver):
    """Withdraw AMOUNT of a token from VAULT, as its owner.

    A token that the market does not know is named by its address.
    """
    vault = desk.vault(vault)
    before, state = desk.snapshot(vault)
    check_owner(desk, state)
    if is_stray(state, token_of(amount)):
        withdraw_stray(desk, vault, amount, receiver)
        return
    held = state.holding(token_of(amount))
    if held.balance == 0:
        raise AmountError(f"the vault holds no {held.symbol}")
    most = preview.largest_withdrawal(state, held.symbol)
    units = units_of(amount, held.symbol, held.decimals, most)
    reason = preview.refusal_of_withdrawal(state, held.symbol, units)
    if reason is not None:
        refuse(why_not(reason, state, held, amount), most, held.decimals, held.symbol)

    after = preview.after_withdrawal(before, held.symbol, units)
    what = amount_text(units, held.decimals, held.symbol)
    desk.confirm([f"withdraw {what}", *change_lines(before, after, desk.quote)])
    vault.withdraw(held.symbol, from_base(units, held.decimals), desk.account, receiver)
    tell(vault, desk)


def is_stray(state, name):
    """Tell whether an address is that of a token that the market never listed."""
    return is_address(name) and name.lower() not in {it.token.lower() for it in state.holdings}


def withdraw_stray(desk, vault, amount, receiver):
    """Withdraw what never was collateral: no margin is asked, a hold and a pause are."""
    token = desk.market.token(amount.symbol)
    decimals, balance = token.decimals(), token.balanceOf(vault.contract)
    units = units_of(amount, amount.symbol, decimals, balance)
    check_wallet(balance, units, decimals, amount.symbol)
    desk.confirm([f"withdraw {amount_text(units, decimals, amount.symbol)}, not collateral"])
    vault.withdraw(amount.symbol, from_base(units, decimals), desk.account, receiver)
    tell(vault, desk)


# -- Debt ------------------------------------------------------------------------------------------


@cli.command("borrow", cls=Command)
@click.argument("vault")
@amount_argument
@click.option("--to", "receiver", type=AddressWord(), help="Receiver; the account unless given.")
@click.option("--to-vault", is_flag=True, help="Leave the money in the vault.")
@writes
def borrow(desk, vault, amount, receiver, to_vault):
    """Borrow AMOUNT of the credit asset against the collateral of VAULT, as its owner."""
    if receiver and to_vault:
        raise click.UsageError("--to and --to-vault exclude each other.")
    vault = desk.vault(vault)
    before, state = desk.snapshot(vault)
    check_owner(desk, state)
    to_vault = to_vault or receiver == vault.address
    symbol, decimals = state.asset_symbol, state.asset_decimals
    most = preview.largest_borrowing(state, to_vault)
    units = units_of(amount, symbol, decimals, most)
    reason = preview.refusal_of_borrowing(state, units, to_vault)
    if reason is not None:
        refuse(why_no_debt(reason, state, amount, to_vault), most, decimals, symbol)

    after = preview.after_borrowing(before, units, to_vault)
    what = amount_text(units, decimals, symbol)
    desk.confirm([f"borrow {what}", *change_lines(before, after, desk.quote)])
    target = vault.address if to_vault else receiver
    vault.borrow(from_base(units, decimals), desk.account, target)
    tell(vault, desk)


@cli.command("repay", cls=Command)
@click.argument("vault")
@amount_argument
@click.option("--from-vault", is_flag=True, help="With the vault's own money, as its owner.")
@writes
def repay(desk, vault, amount, from_vault):
    """Repay AMOUNT of the debt of VAULT; anyone may. max repays all of it."""
    vault = desk.vault(vault)
    before, state = desk.snapshot(vault)
    if from_vault:
        check_owner(desk, state)
    if state.scaled_debt == 0:
        raise refusal("vault: no debt")
    symbol, decimals = state.asset_symbol, state.asset_decimals
    purse = vault.address if from_vault else desk.account
    wallet = desk.market.asset.balanceOf(purse)
    units = units_of(amount, symbol, decimals, min(wallet, state.debt))
    check_wallet(wallet, units, decimals, symbol)
    reason = preview.refusal_of_repayment(state, units)
    if reason is not None:
        refuse(reason, state.debt if wallet >= state.debt else 0, decimals, symbol)

    after = preview.after_repayment(before, units, from_vault)
    paid = preview.repayable(before, units)
    what = amount_text(paid, decimals, symbol)
    desk.confirm([f"repay {what}", *change_lines(before, after, desk.quote)])
    whole = None if units >= before.debt and wallet >= state.debt else from_base(units, decimals)
    act = vault.repay_from_vault if from_vault else vault.repay
    act(whole, desk.account)
    tell(vault, desk)


# -- Words -----------------------------------------------------------------------------------------


def token_of(amount):
    """Return the token that an amount names."""
    if amount.symbol is None:
        raise click.UsageError("Name the token, too: 10 WETH.")
    return amount.symbol


def check_owner(desk, state):
    """Refuse what only the owner may do."""
    if desk.account.address != state.owner:
        raise refusal("vault: not the owner")


def why_not(reason, state, held, amount):
    """The reason that a person needs: for "max" of nothing, what stands before one unit."""
    if reason == "vault: zero amount" and amount.is_max:
        return preview.refusal_of_withdrawal(state, held.symbol, 1) or reason
    return reason


def why_no_debt(reason, state, amount, to_vault):
    """The same for borrowing: for "max" of nothing, what stands before the smallest debt."""
    if reason == "pool: zero assets" and amount.is_max:
        least = max(state.pool.min_debt - state.debt, 1)
        return preview.refusal_of_borrowing(state, least, to_vault) or reason
    return reason


def tell(vault, desk):
    """Say where the vault stands now."""
    margin = vault.margin()
    debt = f"{format_number(margin.debt)} {desk.market.asset_symbol}"
    health = "no debt" if margin.health is None else format_number(margin.health, HEALTH_PLACES)
    click.echo(f"done: debt {debt}, health {health}")
