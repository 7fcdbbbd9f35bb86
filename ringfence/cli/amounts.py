"""Amounts against what is there and what would pass, and the words of a refusal."""

from __future__ import annotations

from typing import NoReturn

from ringfence.exceptions import AmountError
from ringfence.reasons import refusal
from ringfence.units import Amount, to_base
from ringfence.wording import amount_text


def units_of(amount: Amount, symbol: str, decimals: int, most: int) -> int:
    """Return an amount in base units; "max" is `most`, which must not be nothing."""
    if amount.symbol is not None and amount.symbol.lower() != symbol.lower():
        raise AmountError(f"{amount} is not an amount of {symbol}")
    return most if amount.number is None else to_base(amount.number, decimals)


def refuse(reason: str, most: int, decimals: int, symbol: str) -> NoReturn:
    """Raise the refusal of a reason with the largest amount that passes."""
    refuse_saying(reason, largest(most, decimals, symbol))


def largest(most: int, decimals: int, symbol: str) -> str:
    """Say which is the largest amount that passes."""
    if most == 0:
        return "no amount passes now"
    return f"at most {amount_text(most, decimals, symbol)} passes now"


def refuse_saying(reason: str, what_passes: str) -> NoReturn:
    """Raise the refusal of a reason, and say what would pass."""
    error = refusal(reason)
    raise type(error)(reason, f"{error.advice}; {what_passes}")


def check_wallet(held: int, wanted: int, decimals: int, symbol: str) -> None:
    """Refuse to send more than is there."""
    if held == 0:
        raise AmountError(f"there is no {symbol} to send")
    if wanted > held:
        has = amount_text(held, decimals, symbol)
        raise AmountError(f"there is only {has} to send; give at most that")
