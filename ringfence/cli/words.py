"""What people type, as arguments and options of a command."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from eth_utils.address import is_address, to_checksum_address

from ringfence.config import bundled, config_path
from ringfence.units import (
    Amount,
    UnitError,
    parse_amount,
    parse_number,
    parse_ratio,
    parse_span,
)

LONGEST = 315_360_000  # [s] ten years


class Words(click.ParamType):
    """Words with a meaning: a function says which, or raises a `UnitError`."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the meaning; what has one already stays as it is."""
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except UnitError as error:
            return self.fail(str(error), param, ctx)


def _share(text: str) -> Decimal:
    share = parse_ratio(text)
    if not 0 <= share <= 1:
        raise UnitError(f'"{text}" is not from 0 to 100 %')
    return share


def _span(text: str) -> int:
    span = parse_span(text)
    if not 0 < span <= LONGEST:
        raise UnitError(f'"{text}" is not from a second to ten years')
    return span


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise UnitError(f'"{text[:80]}" is not in hexadecimal') from None


def _address(text: str) -> str:
    from ape import accounts

    if is_address(text):
        return to_checksum_address(text)
    prefix, _, number = text.partition("::")
    if prefix == "TEST" and number.isdigit() and int(number) < len(accounts.test_accounts):
        return str(accounts.test_accounts[int(number)].address)
    if text in accounts.aliases:
        return str(accounts.load(text).address)
    raise UnitError(f'"{text}" is no address, and no account that is here')


def _config(text: str) -> Path:
    path = config_path(text)
    if not path.is_file():
        raise UnitError(f'"{text}" is no file, and none of {", ".join(bundled())}')
    return path


AMOUNT = Words("amount", parse_amount)  # 10, "10 WETH", max
ADDRESS = Words("address", _address)  # in hex, or the alias of an account that is at hand
CONFIG = Words("config", _config)  # a file, or the name of what comes with the package
NUMBER = Words("number", parse_number)  # 1.2, 1_000.5
HEX = Words("hex", _hex)
SHARE = Words("share", _share)  # from 0 to 100 %
SPAN = Words("span", _span)  # "2 days", "90 minutes"; in seconds


def amount_argument(command: Any) -> Any:
    """Add the argument AMOUNT, which may stand without quotes."""

    def joined(ctx: Any, param: Any, value: Any) -> Amount:
        amount: Amount = AMOUNT.convert(" ".join(value), param, ctx)
        return amount

    return click.argument("amount", nargs=-1, required=True, callback=joined, metavar="AMOUNT...")(
        command
    )
