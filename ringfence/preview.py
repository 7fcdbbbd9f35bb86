"""What a transaction would do to a vault, before it is sent: pure, and equal to the contracts.

States go in and come out; nothing here talks to a chain. What a contract would refuse is answered
with its reason, and the largest amount that passes is exact: one unit more is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ringfence.model.engine import Margin
from ringfence.model.fixed_point import RAY, WAD, mul_div_down, mul_div_up
from ringfence.model.health import cushion, health, value_down, value_up, weighted
from ringfence.snapshot import Holding, VaultState

MAX_MEMBERS = 16
NO_ACCOUNT = NO_TOKEN = "0x" + 40 * "0"


# -- What is ---------------------------------------------------------------------------------------


def margin_of(state: VaultState) -> Margin:
    """Return the margin state, as `MarginEngine.margin_of` would."""
    collateral = sum(_value(it) for it in state.counted)
    weight = sum(_weight(it) for it in state.counted)
    carried, dead_token = carried_value(state)
    owed = debt_value(state) if state.scaled_debt else 0
    equity, available, excess = collateral - owed, carried - owed, weight - owed
    return Margin(
        collateral_value=collateral,
        debt_value=owed,
        equity=equity,
        initial_margin=equity - available,
        maintenance_margin=collateral - weight,
        health=health(weight, owed),
        available_funds=available,
        excess_liquidity=excess,
        cushion=cushion(excess, equity),
        debt=state.debt,
        dead_token=dead_token or NO_TOKEN,
    )


def carried_value(state: VaultState) -> tuple[int, str | None]:
    """Return the debt value that the collateral carries when risk grows [WAD], and the first token
    whose price is dead.
    """
    weights = [_initial_weight(it) for it in state.carrying]
    dead = [it.token for it, weight in zip(state.carrying, weights, strict=True) if weight is None]
    return sum(weight or 0 for weight in weights), dead[0] if dead else None


def debt_value(state: VaultState) -> int:
    """Return what the debt is worth. [WAD, rounded up]"""
    return value_up(state.debt, state.debt_price, state.asset_decimals)


def liquidation_price(state: VaultState, symbol: str) -> int | None:
    """Return the highest price of a token, all else as it is, at which the vault can be liquidated.

    :return: Price of a whole token [WAD]; None if no price of this token alone decides it: without
        debt, if the other tokens carry all of it, or for the credit asset.
    """
    holding = state.holding(symbol)
    if holding not in state.counted or holding.balance == 0 or holding.maintenance_ltv == 0:
        return None
    if state.scaled_debt == 0 or holding.token == state.asset:
        return None
    others = sum(_weight(it) for it in state.counted if it.token != holding.token)
    lacking = debt_value(state) - others
    if lacking <= 0:
        return None
    least_value = mul_div_up(lacking, WAD, holding.maintenance_ltv)
    return mul_div_up(least_value, 10**holding.decimals, holding.balance) - 1


def _value(holding: Holding) -> int:
    return value_down(holding.balance, holding.price, holding.decimals) if holding.balance else 0


def _weight(holding: Holding) -> int:
    return weighted(_value(holding), holding.maintenance_ltv)


def _initial_weight(holding: Holding) -> int | None:
    """Debt value that a holding carries when risk grows [WAD]; None if its price is dead."""
    if not holding.is_readable:
        return None
    if holding.balance == 0:
        return 0
    if not holding.is_low_live:
        return None
    counted = min(holding.balance, holding.cap)
    return weighted(value_down(counted, holding.low_price, holding.decimals), holding.initial_ltv)


# -- What would be ---------------------------------------------------------------------------------


def after_deposit(state: VaultState, symbol: str, amount: int, by_owner: bool) -> VaultState:
    """Return the state after a deposit of a token that moves as it is told to. [token]"""
    holding = state.holding(symbol)
    has_room = sum(it.is_enabled for it in state.holdings) < MAX_MEMBERS
    enables = by_owner and holding.is_live and has_room
    return state.with_holding(
        replace(
            holding,
            balance=holding.balance + amount,
            is_enabled=holding.is_enabled or enables,
        )
    )


def after_enabling(state: VaultState, symbol: str, is_enabled: bool) -> VaultState:
    """Return the state after a token was enabled or disabled as collateral."""
    return state.with_holding(replace(state.holding(symbol), is_enabled=is_enabled))


def after_withdrawal(state: VaultState, symbol: str, amount: int) -> VaultState:
    """Return the state after a withdrawal, allowed or not. [token]"""
    holding = state.holding(symbol)
    left = holding.balance - amount
    return state.with_holding(
        replace(holding, balance=left, is_enabled=holding.is_enabled and left > 0)
    )


def after_borrowing(state: VaultState, assets: int, to_vault: bool = False) -> VaultState:
    """Return the state after borrowing, allowed or not. [asset]

    :param to_vault: the vault itself receives what it borrows.
    """
    added = mul_div_up(assets, RAY, state.pool.index)
    pool = replace(
        state.pool,
        cash=state.pool.cash - assets,
        scaled_debt=state.pool.scaled_debt + added,
    )
    after = replace(state, scaled_debt=state.scaled_debt + added, pool=pool)
    own = _own_asset(after)
    if to_vault and own is not None:
        return after.with_holding(replace(own, balance=own.balance + assets))
    return after


def after_repayment(state: VaultState, assets: int, from_vault: bool = False) -> VaultState:
    """Return the state after a repayment of at most `assets`, cut as the pool would. [asset]"""
    paid = repayable(state, assets)
    scaled = state.scaled_debt
    left = scaled - mul_div_down(paid, RAY, state.pool.index) if paid < state.debt else 0
    pool = replace(
        state.pool,
        cash=state.pool.cash + paid,
        scaled_debt=state.pool.scaled_debt - scaled + left,
    )
    after = replace(state, scaled_debt=left, pool=pool)
    return after_withdrawal(after, state.asset_symbol, paid) if from_vault else after


def after_liquidation(
    state: VaultState, symbol: str, repaid: int, seized: int, bad_debt: int
) -> VaultState:
    """Return the state after the liquidation that a quote describes.

    The vault's own credit asset, if enabled, burns debt before.
    :param repaid: by the liquidator. [asset]
    :param seized: of the named token. [token]
    :param bad_debt: covered by the fund or lost by the lenders. [asset]
    """
    own = _own_asset(state)
    burned = min(own.balance, state.debt) if own is not None and own.is_enabled else 0
    paid = burned + repaid
    left = state.scaled_debt - mul_div_down(paid, RAY, state.pool.index)
    after = replace(state, scaled_debt=left if paid < state.debt and bad_debt == 0 else 0)
    if burned:
        after = after_withdrawal(after, state.asset_symbol, burned)
    return after_withdrawal(after, symbol, seized) if seized else after


def repayable(state: VaultState, assets: int) -> int:
    """Return how much of `assets` can be repaid, as `CreditPool.repayable` would. [asset]"""
    debt, smallest = state.debt, state.pool.min_debt
    if assets >= debt:
        return debt
    part = min(assets, debt - min(debt, smallest))
    return part if mul_div_down(part, RAY, state.pool.index) > 0 else 0


def _own_asset(state: VaultState) -> Holding | None:
    return next((it for it in state.holdings if it.token == state.asset), None)


# -- What may be -----------------------------------------------------------------------------------


def refusal_of_withdrawal(state: VaultState, symbol: str, amount: int) -> str | None:
    """Return the reason for which the owner's withdrawal would be refused, or None. [token]"""
    holding = state.holding(symbol)
    if state.hold_until >= state.now:
        return "vault: on hold"
    if amount == 0:
        return "vault: zero amount"
    if amount > holding.balance:
        return "vault: balance too low"
    if state.scaled_debt == 0:
        return None
    if state.pool.pause_level >= 2:
        return "vault: paused"
    return (
        _refusal_of_margin(after_withdrawal(state, symbol, amount)) if holding.is_enabled else None
    )


def refusal_of_borrowing(state: VaultState, assets: int, to_vault: bool = False) -> str | None:
    """Return the reason for which the owner's borrowing would be refused, or None. [asset]"""
    if state.hold_until >= state.now:
        return "vault: on hold"
    if state.pool.pause_level > 0:
        return "pool: paused"
    if state.pool.is_stopped:
        return "pool: borrowing stopped"
    if assets == 0:
        return "pool: zero assets"
    if assets > state.pool.cash:
        return "pool: insufficient cash"
    after = after_borrowing(state, assets, to_vault)
    if after.debt < state.pool.min_debt:
        return "pool: debt below the smallest"
    if after.debt > state.pool.max_debt:
        return "pool: debt above the largest"
    if after.pool.total_debt > state.pool.borrow_cap:
        return "pool: borrow cap reached"
    return _refusal_of_margin(after)


def refusal_of_stray_withdrawal(state: VaultState) -> str | None:
    """Return the reason for which a token that never was listed would stay, or None."""
    if state.hold_until >= state.now:
        return "vault: on hold"
    is_paused = state.scaled_debt > 0 and state.pool.pause_level >= 2
    return "vault: paused" if is_paused else None


def refusal_of_receiver(state: VaultState, receiver: str, may_be_vault: bool) -> str | None:
    """Return the reason for which an account could not receive what leaves the vault, or None."""
    if receiver == NO_ACCOUNT:
        return "vault: zero receiver"
    is_refused = receiver == state.vault and not may_be_vault
    return "vault: receiver is the vault" if is_refused else None


def refusal_of_enabling(state: VaultState, symbol: str) -> str | None:
    """Return the reason for which enabling a token would be refused, or None."""
    holding = state.holding(symbol)
    if not holding.is_listed:
        return "engine: token delisted"
    if holding.is_enabled:
        return None
    if not holding.is_live:
        return "vault: dead price"
    is_full = sum(it.is_enabled for it in state.holdings) >= MAX_MEMBERS
    return "vault: 16 tokens enabled" if is_full else None


def refusal_of_disabling(state: VaultState, symbol: str) -> str | None:
    """Return the reason for which disabling a token would be refused, or None."""
    if not state.holding(symbol).is_enabled:
        return "vault: token not enabled"
    if state.scaled_debt == 0:
        return None
    if state.pool.pause_level >= 2:
        return "vault: paused"
    return _refusal_of_margin(after_enabling(state, symbol, False))


def refusal_of_repayment(state: VaultState, assets: int) -> str | None:
    """Return the reason for which a repayment would be refused, or None. [asset]"""
    if assets == 0:
        return "vault: zero amount"
    if state.scaled_debt == 0:
        return "vault: no debt"
    return "vault: repay more" if repayable(state, assets) == 0 else None


@dataclass(frozen=True)
class Repayment:
    """What a repayment will come to, whenever it is mined."""

    paid: int  # [asset] 0 if it would be refused
    is_whole: bool  # all of the debt, and what interest adds to it meanwhile
    is_cut: bool  # to leave the smallest debt


def repayment_of(now: VaultState, later: VaultState, assets: int, purse: int) -> Repayment:
    """Return what repaying at most `assets` comes to, if it is mined between two states.

    :param later: the vault with the interest until the last moment that counts.
    :param purse: what whoever pays has. [asset]
    """
    if assets >= now.debt and purse >= later.debt:
        return Repayment(now.debt, True, False)
    part = min(assets, now.debt - 1)
    paid = min(repayable(now, part), repayable(later, part))
    return Repayment(paid, False, 0 < paid < assets)


def least_repayment(now: VaultState, later: VaultState) -> int | None:
    """Return the smallest part of the debt that can be repaid between two states [asset]; None if
    there is only the whole.
    """
    least = max(mul_div_up(1, state.pool.index, RAY) for state in (now, later))
    room = min(state.debt - min(state.debt, state.pool.min_debt) for state in (now, later))
    return least if least <= room else None


def largest_withdrawal(state: VaultState, symbol: str) -> int:
    """Return the most that the owner can withdraw now; 0 if nothing. [token]"""
    balance = state.holding(symbol).balance

    def passes(amount: int) -> bool:
        return refusal_of_withdrawal(state, symbol, amount) is None

    if balance == 0 or passes(balance):
        return balance
    return _largest(passes, balance - 1)


def largest_borrowing(state: VaultState, to_vault: bool = False) -> int:
    """Return the most that the owner can borrow now; 0 if nothing. [asset]"""

    def passes(assets: int) -> bool:
        reason = refusal_of_borrowing(state, assets, to_vault)
        return reason in (None, "pool: debt below the smallest")

    assets = _largest(passes, state.pool.cash)
    return assets if refusal_of_borrowing(state, assets, to_vault) is None else 0


def _refusal_of_margin(after: VaultState) -> str | None:
    """What `MarginEngine.carries` and the vault would say about a state to end in."""
    carried, dead_token = carried_value(after)
    if dead_token is not None:
        return "engine: dead price"
    if not after.is_debt_price_live:
        return "engine: dead credit price"
    return None if debt_value(after) <= carried else "vault: not enough margin"


def _largest(passes: Callable[[int], bool], most: int) -> int:
    """Return an amount up to `most` that passes where one more does not; 0 if 1 does not."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if passes(middle):
            low = middle
        else:
            high = middle - 1
    return low
