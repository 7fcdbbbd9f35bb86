"""Vaults, pools and what will change in them, in lines for people: pure, no chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from ringfence.market import printable
from ringfence.model.fixed_point import MAX_UINT
from ringfence.pool import PoolSummary
from ringfence.preview import liquidation_price, margin_of
from ringfence.registry import MarginRow, Opening
from ringfence.snapshot import VaultState
from ringfence.units import format_number, format_percent, from_base, from_wad

VALUE_PLACES = 2
HEALTH_PLACES = 4
PRICE_DIGITS = 6  # significant ones, at least
ARROW = "→"


def amount_text(units: int, decimals: int, symbol: str) -> str:
    """Write an amount of a token to its last unit: "1,000.5 USDC"."""
    return f"{format_number(from_base(units, decimals))} {symbol}"


def vault_text(name: str, state: VaultState) -> str:
    """Say which vault is meant: "alpha, 0x… of 0x…"; the name may be the address itself."""
    place = f"{state.vault} of {state.owner}"
    return place if name.lower() == state.vault.lower() else f"{printable(name)}, {place}"


def value_text(value: int, quote: str) -> str:
    """Write a value [WAD] in the quote currency."""
    return f"{format_number(from_wad(value), VALUE_PLACES)} {quote}"


def health_text(health: int) -> str:
    """Write a health [WAD]; a vault without debt has none."""
    return "no debt" if health == MAX_UINT else format_number(from_wad(health), HEALTH_PLACES)


def cushion_text(state: VaultState) -> str:
    """Write the part of equity above maintenance margin; there is none without debt."""
    return format_percent(from_wad(margin_of(state).cushion)) if state.debt else "no debt"


def price_text(price: int | None) -> str:
    """Write a price [WAD] with the digits that count, at least two of them after the point."""
    if price is None:
        return "none"
    number = from_wad(price)
    places = max(VALUE_PLACES, PRICE_DIGITS - number.adjusted() - 1) if number else VALUE_PLACES
    whole, _, fraction = format_number(number, places).partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<{VALUE_PLACES}}"


def moment_text(unix_s: int) -> str:
    """Write a moment: "2020-03-12 00:00:00 UTC"."""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def row_line(opening: Opening, row: MarginRow, symbol: str) -> str:
    """Describe a vault in one line of a list."""
    debt = "unknown" if row.debt is None else f"{format_number(row.debt)} {symbol}"
    health = "unknown" if row.health is None else health_text(row.health)
    dead = f", price of {row.dead_token} is dead" if row.dead_token else ""
    return (
        f"{opening.id:>4}  {opening.vault}  {opening.label}  {opening.fund_class}"
        f"  debt {debt}  health {health}{dead}"
    )


def vault_lines(state: VaultState, quote: str) -> list[str]:
    """Describe a vault: what it holds and owes, and how far it is from liquidation."""
    margin = margin_of(state)
    lines = [
        f"vault       {state.vault}",
        f"owner       {state.owner}",
        f"collateral  {value_text(margin.collateral_value, quote)}",
        f"debt        {amount_text(state.debt, state.asset_decimals, state.asset_symbol)}",
        f"equity      {value_text(margin.equity, quote)}",
        f"available   {value_text(margin.available_funds, quote)}",
        f"health      {health_text(margin.health)}",
    ]
    if state.hold_until >= state.now:
        lines.append(f"on hold     until {moment_text(state.hold_until)}, by the officer")
    return lines + [f"  {line}" for line in _holding_lines(state, quote)]


def change_lines(before: VaultState, after: VaultState, quote: str) -> list[str]:
    """Describe what a transaction will change, each line "name  before → after"; what stays is
    left out, but for the health.
    """
    views: dict[str, Callable[[VaultState], str]] = {
        "health": lambda state: health_text(margin_of(state).health),
        "cushion": cushion_text,
        "debt": _debt,
        "available": lambda state: value_text(margin_of(state).available_funds, quote),
    }
    for symbol in _symbols(before, after):
        views[f"liquidation price of {symbol}, {quote}"] = partial(_liquidation, symbol)
    told = [(name, view(before), view(after)) for name, view in views.items()]
    return [
        f"{name}  {old} {ARROW} {new}" for name, old, new in told if old != new or name == "health"
    ]


def pool_lines(pool: PoolSummary, symbol: str) -> list[str]:
    """Describe the lenders' pool."""

    def whole(amount: Decimal) -> str:
        return f"{format_number(amount, VALUE_PLACES)} {symbol}"

    lines = [
        f"lent and free  {whole(pool.total_assets)}",
        f"free           {whole(pool.cash)}",
        f"lent           {whole(pool.total_debt)} ({format_percent(pool.utilisation)})",
        f"borrow rate    {format_percent(pool.borrow_rate)} a year",
        f"lending rate   {format_percent(pool.lending_rate)} a year",
        f"insurance      {whole(pool.insurance)}",
    ]
    if pool.pause_level:
        lines.append(f"paused         level {pool.pause_level}")
    if pool.is_stopped:
        lines.append("stopped        lenders bore losses; the risk admin may resume borrowing")
    return lines


def _holding_lines(state: VaultState, quote: str) -> Iterable[str]:
    for it in state.holdings:
        if it.balance == 0 and not it.is_enabled:
            continue
        words = [amount_text(it.balance, it.decimals, it.symbol)]
        words.append(f"at {price_text(it.price)} {quote}" + ("" if it.is_live else " (dead price)"))
        if not it.is_enabled:
            words.append("not enabled as collateral")
        price = liquidation_price(state, it.symbol)
        if price is not None:
            words.append(f"liquidation at {price_text(price)} {quote}")
        yield ", ".join(words)


def _symbols(before: VaultState, after: VaultState) -> list[str]:
    held = {it.symbol for state in (before, after) for it in state.counted if it.balance}
    return [it.symbol for it in before.holdings if it.symbol in held]


def _debt(state: VaultState) -> str:
    return amount_text(state.debt, state.asset_decimals, state.asset_symbol)


def _liquidation(symbol: str, state: VaultState) -> str:
    return price_text(liquidation_price(state, symbol))
