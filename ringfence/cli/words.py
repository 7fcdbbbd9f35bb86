"""What people type, as arguments and options of a command."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click
from eth_utils.address import is_address, to_checksum_address

from ringfence.units import Amount, UnitError, parse_amount, parse_number, parse_ratio, parse_span

LONGEST = 315_360_000  # [s] ten years


class AmountWords(click.ParamType):
    """An amount in one word or two: 10, "10 WETH", max."""

    name = "amount"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, Amount):
            return value
        try:
            return parse_amount(value)
        except UnitError as error:
            self.fail(str(error), param, ctx)


class AddressWord(click.ParamType):
    """An address in hex, or the alias of an account that is at hand."""

    name = "address"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if is_address(value):
            return to_checksum_address(value)
        from ape import accounts

        prefix, _, number = value.partition("::")
        if prefix == "TEST" and number.isdigit() and int(number) < len(accounts.test_accounts):
            return str(accounts.test_accounts[int(number)].address)
        if value in accounts.aliases:
            return str(accounts.load(value).address)
        return self.fail(f'"{value}" is no address, and no account that is here', param, ctx)


class ShareWords(click.ParamType):
    """A share from 0 to 100 %."""

    name = "share"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        try:
            share = parse_ratio(value)
        except UnitError as error:
            self.fail(str(error), param, ctx)
        if not 0 <= share <= 1:
            self.fail(f'"{value}" is not from 0 to 100 %', param, ctx)
        return share


def amount_argument(command: Any) -> Any:
    """Add the argument AMOUNT, which may stand without quotes."""

    def joined(ctx: Any, param: Any, value: Any) -> Amount:
        amount: Amount = AmountWords().convert(" ".join(value), param, ctx)
        return amount

    return click.argument("amount", nargs=-1, required=True, callback=joined, metavar="AMOUNT...")(
        command
    )


class SpanWords(click.ParamType):
    """A span of time in seconds: "2 days", "90 minutes"."""

    name = "span"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, int):
            return value
        try:
            span = parse_span(value)
        except UnitError as error:
            self.fail(str(error), param, ctx)
        if not 0 < span <= LONGEST:
            self.fail(f'"{value}" is not from a second to ten years', param, ctx)
        return span


class NumberWords(click.ParamType):
    """A number as people write it: 1.2, 1_000.5."""

    name = "number"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        try:
            return parse_number(value)
        except UnitError as error:
            self.fail(str(error), param, ctx)
