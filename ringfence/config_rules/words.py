"""How a problem is told: key path, value, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from eth_utils.address import is_address

from ringfence.units import WAD_DECIMALS, UnitError, format_number, to_base

ZERO_ADDRESS = "0x" + 40 * "0"


def problem(key: str, value: object, wrong: str, remedy: str) -> str:
    """Tell a problem with a value."""
    return f"{key} = {shown(value)}: {wrong}; {remedy}"


def shown(value: object) -> str:
    """Write a value as a person would."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format_number(value)
    return f'"{value}"' if isinstance(value, str) else str(value)


def share(ratio: Decimal) -> str:
    """Write a ratio as it stands in the file: "80 %"."""
    return f"{format_number(ratio * 100)} %"


def is_exact(number: Decimal, decimals: int) -> bool:
    """Tell whether a number has no more than so many decimal places."""
    try:
        to_base(number, decimals)
    except UnitError:
        return False
    return True


def inside(key: str, ratio: Decimal, low: Decimal | int, high: Decimal | int) -> Iterator[str]:
    """Yield why a share is not from `low` to `high`, both allowed, or does not fit 18 decimals."""
    if not low <= ratio <= high:
        limits = f"{share(Decimal(low))} to {share(Decimal(high))}"
        yield problem(key, share(ratio), "is out of range", f"choose from {limits}")
    elif not is_exact(ratio, WAD_DECIMALS):
        yield problem(key, share(ratio), "has too many decimal places", "write fewer")


def address_problems(key: str, address: str | None) -> Iterator[str]:
    """Yield why an address cannot be one; None is none at all."""
    if address is None:
        return
    if not is_address(address):
        yield problem(key, address, "is no address", 'write 20 bytes in hex: "0x…"')
    elif address.lower() == ZERO_ADDRESS:
        yield problem(key, address, "is the zero address", "write the real one, or leave it out")


def amount_problems(key: str, amount: Decimal | None, decimals: int, largest: int) -> Iterator[str]:
    """Yield why an amount is not one above zero in whole tokens; None stands for no limit."""
    if amount is None:
        return
    if amount <= 0:
        yield problem(key, amount, "is not above zero", "write more, or leave it out for no limit")
    elif not is_exact(amount, max(decimals, 0)):
        yield problem(key, amount, "is finer than the token", f"write {decimals} decimal places")
    elif to_base(amount, max(decimals, 0)) > largest:
        yield problem(key, amount, "is too large", "leave it out for no limit")
