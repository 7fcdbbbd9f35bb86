"""Open vaults, look at them, and move money in and out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click
from ape.utils.misc import ZERO_ADDRESS
from eth_utils.address import is_address

from ringfence import preview
from ringfence.cli.amounts import check_wallet, largest, refuse, refuse_saying, units_of
from ringfence.cli.desk import Command
from ringfence.cli.facts import row_facts, vault_facts
from ringfence.cli.options import reads, writes
from ringfence.cli.words import ADDRESS, amount_argument
from ringfence.exceptions import AmountError
from ringfence.reasons import refusal
from ringfence.registry import listed
from ringfence.units import format_number, from_base
from ringfence.wording import HEALTH_PLACES, amount_text, row_line, vault_lines, vault_text

if TYPE_CHECKING:
    from ringfence.calls import Call
    from ringfence.cli.desk import Desk
    from ringfence.preview import Repayment
    from ringfence.snapshot import Holding, VaultState
    from ringfence.units import Amount
    from ringfence.vault import Vault


@click.group(short_help="Open, show and use vaults")
def cli() -> None:
    """Open vaults, look at them, and move money in and out.

    VAULT is the label under which it was opened, or its address. AMOUNT is a number and a token,
    such as 10 WETH, or max for the most that passes. Before anything is sent you see what will
    change, and are asked.
    """


# -- Opening and looking ---------------------------------------------------------------------------


@cli.command("open", cls=Command)
@click.argument("label")
@click.option("--owner", type=ADDRESS, help="Owner of the vault; the account unless given.")
@click.option(
    "--house", is_flag=True, help="For the platform's own money, from the market's owner."
)
@writes
def open_vault(desk: Desk, label: str, owner: str | None, house: bool) -> None:
    """Open a vault under LABEL."""
    market = desk.market
    if house and owner:
        raise click.UsageError("--house and --owner exclude each other.")
    owner = owner or desk.account.address
    refuse_for(market.refusal_of_opening(owner, label, house))
    kind = "house" if house else "client"
    desk.confirm([f'open a {kind} vault "{label}" for {owner} in market {market.name}'])
    vault = market.house_vault_of(label) if house else market.vault_of(owner, label)
    if desk.carry_out(market.calls_to_open(label, None if house else owner)):
        desk.say(f"vault {vault.address} is open")


@cli.command("show", cls=Command)
@click.argument("word", metavar="[VAULT]", required=False)
@reads
def show(desk: Desk, word: str | None) -> None:
    """Show what VAULT holds and owes, or list all vaults."""
    if word is not None:
        state = desk.vault(word).snapshot(desk.block)
        desk.tell(vault_facts(state), vault_lines(state, desk.quote))
        return
    pairs = listed(desk.market, desk.block)
    lines = [row_line(*pair, desk.market.asset_symbol) for pair in pairs]
    head = f"market {desk.market.name}, vaults: {len(pairs)}"
    desk.tell([row_facts(*pair) for pair in pairs], [head, *lines])


@cli.command("offer", cls=Command)
@click.argument("word", metavar="VAULT")
@click.argument("who", metavar="ADDRESS", type=ADDRESS)
@writes
def offer(desk: Desk, word: str, who: str) -> None:
    """Offer VAULT with all that is in it to ADDRESS, as its owner; it must be accepted. The zero
    address takes an offer back.
    """
    vault = desk.own_vault(word)
    state = vault.snapshot()
    check_owner(desk, state)
    desk.confirm([f"offer {vault_text(word, state)}, to {who}"])
    if desk.carry_out(desk.calls_of(vault).transfer_ownership(who)):
        is_back = who == ZERO_ADDRESS
        more = f"{who} may accept it with: vault accept {vault.address}"
        desk.say(f"done: {'the offer is taken back' if is_back else more}")


@cli.command("accept", cls=Command)
@click.argument("word", metavar="VAULT")
@writes
def accept(desk: Desk, word: str) -> None:
    """Accept VAULT, its debt included, as the one to whom it was offered."""
    vault = desk.vault(word)
    state = vault.snapshot()
    if desk.account.address != vault.contract.pending_owner():
        raise refusal("vault: not the candidate")
    lines = [f"owner  {state.owner} → {desk.account.address}", *vault_lines(state, desk.quote)]
    desk.confirm([f"accept {vault_text(word, state)}", *lines])
    if desk.carry_out(desk.calls_of(vault).accept_ownership()):
        desk.say(f"done: {vault.address} is {desk.account.address}'s")


# -- Collateral ------------------------------------------------------------------------------------


@cli.command("deposit", cls=Command)
@click.argument("word", metavar="VAULT")
@amount_argument
@writes
def deposit(desk: Desk, word: str, amount: Amount) -> None:
    """Deposit AMOUNT of a listed token into VAULT; anyone may."""
    vault = desk.own_vault(word)
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
    desk.confirm_change([f"deposit {what} into {vault_text(word, state)}"], state, after)
    whole = from_base(units, held.decimals)
    is_sent = finish(desk, vault, desk.calls_of(vault).deposit(held.symbol, whole, desk.account))
    if is_sent and held.symbol not in vault.collaterals():
        desk.say(f"{held.symbol} does not count as collateral until the owner enables it")


@cli.command("enable", cls=Command)
@click.argument("word", metavar="VAULT")
@click.argument("symbol")
@writes
def enable(desk: Desk, word: str, symbol: str) -> None:
    """Let the token SYMBOL in VAULT count as collateral, as its owner."""
    vault = desk.own_vault(word)
    state = vault.snapshot()
    check_owner(desk, state)
    if state.holding(symbol).is_enabled:
        raise AmountError(f"{symbol} counts as collateral already; there is nothing to enable")
    refuse_for(preview.refusal_of_enabling(state, symbol))
    after = preview.after_enabling(state, symbol, True)
    desk.confirm_change([f"enable {symbol} in {vault_text(word, state)}"], state, after)
    finish(desk, vault, desk.calls_of(vault).enable(symbol))


@cli.command("disable", cls=Command)
@click.argument("word", metavar="VAULT")
@click.argument("symbol")
@writes
def disable(desk: Desk, word: str, symbol: str) -> None:
    """Let the token SYMBOL in VAULT count no more, as its owner."""
    vault = desk.own_vault(word)
    before, state = desk.snapshot(vault)
    check_owner(desk, state)
    refuse_for(preview.refusal_of_disabling(state, symbol))
    after = preview.after_enabling(before, symbol, False)
    desk.confirm_change([f"disable {symbol} in {vault_text(word, state)}"], before, after)
    finish(desk, vault, desk.calls_of(vault).disable(symbol))


@cli.command("withdraw", cls=Command)
@click.argument("word", metavar="VAULT")
@amount_argument
@click.option("--to", "receiver", type=ADDRESS, help="Receiver; the account unless given.")
@writes
def withdraw(desk: Desk, word: str, amount: Amount, receiver: str | None) -> None:
    """Withdraw AMOUNT of a token from VAULT, as its owner.

    A token that the market does not know is named by its address.
    """
    vault = desk.own_vault(word)
    before, state = desk.snapshot(vault)
    check_owner(desk, state)
    receiver = receiver or desk.account.address
    refuse_for(preview.refusal_of_receiver(state, receiver, may_be_vault=False))
    way = f"from {vault_text(word, state)}, to {receiver}"
    if is_stray(state, token_of(amount)):
        withdraw_stray(desk, vault, state, amount, receiver, way)
        return
    held = state.holding(token_of(amount))
    units = withdrawable(state, held, amount)
    after = preview.after_withdrawal(before, held.symbol, units)
    what = amount_text(units, held.decimals, held.symbol)
    desk.confirm_change([f"withdraw {what} {way}"], before, after)
    whole = from_base(units, held.decimals)
    finish(desk, vault, desk.calls_of(vault).withdraw(held.symbol, whole, receiver))


def withdrawable(state: VaultState, held: Holding, amount: Amount) -> int:
    """Return an amount of collateral in base units, or refuse it."""
    if held.balance == 0:
        raise AmountError(f"the vault holds no {held.symbol}")
    most = preview.largest_withdrawal(state, held.symbol)
    units = units_of(amount, held.symbol, held.decimals, most)
    reason = preview.refusal_of_withdrawal(state, held.symbol, units)
    if reason is not None:
        refuse(why_not(reason, state, held, amount), most, held.decimals, held.symbol)
    return units


def is_stray(state: VaultState, name: str) -> bool:
    """Tell whether an address is that of a token that the market never listed."""
    return is_address(name) and name.lower() not in {it.token.lower() for it in state.holdings}


def withdraw_stray(
    desk: Desk, vault: Vault, state: VaultState, amount: Amount, receiver: str, way: str
) -> None:
    """Withdraw what never was collateral: no margin is asked, a hold and a pause are."""
    refuse_for(preview.refusal_of_stray_withdrawal(state))
    name = token_of(amount)
    token = desk.market.token(name)
    decimals, balance = token.decimals(), token.balanceOf(vault.contract)
    units = units_of(amount, name, decimals, balance)
    check_wallet(balance, units, decimals, name)
    desk.confirm([f"withdraw {amount_text(units, decimals, name)}, not collateral, {way}"])
    finish(desk, vault, desk.calls_of(vault).withdraw(name, from_base(units, decimals), receiver))


# -- Debt ------------------------------------------------------------------------------------------


@cli.command("borrow", cls=Command)
@click.argument("word", metavar="VAULT")
@amount_argument
@click.option("--to", "receiver", type=ADDRESS, help="Receiver; the account unless given.")
@click.option("--to-vault", is_flag=True, help="Leave the money in the vault.")
@writes
def borrow(desk: Desk, word: str, amount: Amount, receiver: str | None, to_vault: bool) -> None:
    """Borrow AMOUNT of the credit asset against the collateral of VAULT, as its owner."""
    if receiver and to_vault:
        raise click.UsageError("--to and --to-vault exclude each other.")
    vault = desk.own_vault(word)
    before, state = desk.snapshot(vault)
    check_owner(desk, state)
    receiver = vault.address if to_vault else receiver or desk.account.address
    refuse_for(preview.refusal_of_receiver(state, receiver, may_be_vault=True))
    to_vault = receiver == vault.address
    symbol, decimals = state.asset_symbol, state.asset_decimals
    units = borrowable(state, amount, to_vault)

    after = preview.after_borrowing(before, units, to_vault)
    target = "the vault itself" if to_vault else receiver
    what = f"borrow {amount_text(units, decimals, symbol)}"
    desk.confirm_change([f"{what} for {vault_text(word, state)}, to {target}"], before, after)
    finish(desk, vault, desk.calls_of(vault).borrow(from_base(units, decimals), receiver))


def borrowable(state: VaultState, amount: Amount, to_vault: bool) -> int:
    """Return an amount to borrow in base units, or refuse it."""
    symbol, decimals = state.asset_symbol, state.asset_decimals
    most = preview.largest_borrowing(state, to_vault)
    units = units_of(amount, symbol, decimals, most)
    reason = preview.refusal_of_borrowing(state, units, to_vault)
    if reason is None:
        return units
    if 0 < most < units:  # what stops the first unit too many, not only an absurd amount
        reason = preview.refusal_of_borrowing(state, most + 1, to_vault) or reason
    reason = why_no_debt(reason, state, amount, to_vault)
    if reason == "pool: debt below the smallest":
        smallest = amount_text(state.pool.min_debt, decimals, symbol)
        refuse_saying(reason, f"that is {smallest}; {largest(most, decimals, symbol)}")
    return refuse(reason, most, decimals, symbol)


@cli.command("repay", cls=Command)
@click.argument("word", metavar="VAULT")
@amount_argument
@click.option("--from-vault", is_flag=True, help="With the vault's own money, as its owner.")
@writes
def repay(desk: Desk, word: str, amount: Amount, from_vault: bool) -> None:
    """Repay AMOUNT of the debt of VAULT; anyone may. max repays all of it."""
    vault = desk.own_vault(word)
    before, state = desk.snapshot(vault)
    if from_vault:
        check_owner(desk, state)
    if state.scaled_debt == 0:
        raise refusal("vault: no debt")
    symbol, decimals = state.asset_symbol, state.asset_decimals
    purse = desk.market.asset.balanceOf(vault.address if from_vault else desk.account)
    units = units_of(amount, symbol, decimals, min(purse, state.debt))
    check_wallet(purse, units, decimals, symbol)
    planned = preview.repayment_of(before, state, units, purse)
    if planned.paid == 0:
        refuse_saying("vault: repay more", least_that_passes(before, state, purse))

    after = preview.after_repayment(before, planned.paid, from_vault)
    what = f"repay {amount_text(planned.paid, decimals, symbol)} for {vault_text(word, state)}"
    desk.confirm_change([what, *why_cut(state, planned)], before, after)
    part = None if planned.is_whole else from_base(planned.paid, decimals)
    calls = desk.calls_of(vault)
    finish(
        desk,
        vault,
        calls.repay_from_vault(part) if from_vault else calls.repay(part, desk.account),
    )


def why_cut(state: VaultState, planned: Repayment) -> Iterator[str]:
    """Say why less will be repaid than was offered."""
    if planned.is_cut:
        smallest = amount_text(state.pool.min_debt, state.asset_decimals, state.asset_symbol)
        yield f"cut: {smallest} is the smallest debt"


def least_that_passes(before: VaultState, state: VaultState, purse: int) -> str:
    """Say which repayment passes where one is too small."""

    def assets(units: int) -> str:
        return amount_text(units, state.asset_decimals, state.asset_symbol)

    least = preview.least_repayment(before, state)
    if least is not None:
        return f"at least {assets(least)} passes now"
    whole = f"all of it, {assets(state.debt)}, passes now and no part"
    return whole if purse >= state.debt else f"{whole}, and there is only {assets(purse)}"


# -- Words -----------------------------------------------------------------------------------------


def token_of(amount: Amount) -> str:
    """Return the token that an amount names."""
    if amount.symbol is None:
        raise click.UsageError("Name the token, too: 10 WETH.")
    return amount.symbol


def refuse_for(reason: str | None) -> None:
    """Refuse, if there is a reason."""
    if reason is not None:
        raise refusal(reason)


def check_owner(desk: Desk, state: VaultState) -> None:
    """Refuse what only the owner may do."""
    if desk.account.address != state.owner:
        raise refusal("vault: not the owner")


def why_not(reason: str, state: VaultState, held: Holding, amount: Amount) -> str:
    """The reason that a person needs: for "max" of nothing, what stands before one unit."""
    if reason == "vault: zero amount" and amount.is_max:
        return preview.refusal_of_withdrawal(state, held.symbol, 1) or reason
    return reason


def why_no_debt(reason: str, state: VaultState, amount: Amount, to_vault: bool) -> str:
    """The same for borrowing: for "max" of nothing, what stands before the smallest debt."""
    if reason == "pool: zero assets" and amount.is_max:
        least = max(state.pool.min_debt - state.debt, 1)
        return preview.refusal_of_borrowing(state, least, to_vault) or reason
    return reason


def finish(desk: Desk, vault: Vault, calls: Sequence[Call]) -> bool:
    """Let calls be sent; if they were, say where the vault stands now."""
    if not desk.carry_out(calls):
        return False
    margin = vault.margin
    debt = f"{format_number(margin.debt)} {desk.market.asset_symbol}"
    health = "no debt" if margin.health is None else format_number(margin.health, HEALTH_PLACES)
    desk.say(f"done: debt {debt}, health {health}")
    return True
