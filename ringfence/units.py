"""The only place where people's numbers meet the contracts' integers.

People write `Decimal` amounts, percent, basis points and yearly rates. Contracts count base units
of a token, WAD (10**18 for one) and RAY (10**27 for one). Every conversion is exact or says how it
rounds; none passes through a float.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import (
    ROUND_DOWN,
    ROUND_FLOOR,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
    localcontext,
)

from ringfence.exceptions import RingfenceError

WAD = 10**18  # scale of ratios, prices and values
RAY = 10**27  # scale of the debt index and of rates per second
DAY = 86_400  # [s]
YEAR = 365 * DAY  # [s]
MAX_UINT = 2**256 - 1  # stands for "all of it" and "no limit"

WAD_DECIMALS = 18
RAY_DECIMALS = 27

MEASURED = 12  # significant digits of a measure
MOST_LETTERS = 100  # of a number that a person writes
_EXACT = Context(prec=120, traps=[Inexact, InvalidOperation])
_WIDE = Context(prec=120, traps=[InvalidOperation])
_SPANS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}


class UnitError(RingfenceError, ValueError):
    """A number that a person wrote does not fit what it is to express."""


# -- Base units ------------------------------------------------------------------------------------


def to_base(amount: Decimal | int, decimals: int) -> int:
    """Turn whole tokens into base units, exactly.

    :raises UnitError: if `amount` has more decimal places than the token, or is not a number; a
        float is not the number that was written.
    """
    if isinstance(amount, float):
        raise UnitError(f'{amount} is a float, which is not exact; write Decimal("{amount}")')
    with localcontext(_EXACT):
        try:
            scaled = Decimal(amount).scaleb(decimals)
            if not scaled.is_finite() or scaled != scaled.to_integral_value():
                raise UnitError(f"{Decimal(amount):f} is finer than {decimals} decimal places")
        except (Inexact, InvalidOperation):
            raise UnitError(f"{amount} is no number that can be counted") from None
        return int(scaled)


def from_base(units: int, decimals: int) -> Decimal:
    """Turn base units into whole tokens, exactly."""
    with localcontext(_EXACT):
        return Decimal(units).scaleb(-decimals)


def to_base_down(amount: Decimal | int, decimals: int) -> int:
    """Turn whole tokens into base units; what is finer than one unit is dropped."""
    with localcontext(_WIDE):
        return int(Decimal(amount).scaleb(decimals).to_integral_value(ROUND_DOWN))


def added(one: Decimal, other: Decimal) -> Decimal:
    """Add two amounts, exactly: Python alone would keep 28 digits."""
    with localcontext(_EXACT):
        return one + other


def measured(ratio: float | Decimal) -> Decimal:
    """Turn a measure into the number that it stands for: of a float, with the digits that every
    machine computes alike, 1.15 - 1 into 0.15, where its binary digits are those of 0.1499….
    """
    return Decimal(f"{ratio:.{MEASURED}g}") if isinstance(ratio, float) else Decimal(ratio)


# -- WAD and RAY -----------------------------------------------------------------------------------


def to_wad(ratio: Decimal | int) -> int:
    """Turn a ratio, price or value into WAD, exactly."""
    return to_base(ratio, WAD_DECIMALS)


def from_wad(wad: int) -> Decimal:
    """Turn WAD into a ratio, price or value, exactly."""
    return from_base(wad, WAD_DECIMALS)


def to_ray(ratio: Decimal | int) -> int:
    """Turn a ratio into RAY, exactly."""
    return to_base(ratio, RAY_DECIMALS)


def from_ray(ray: int) -> Decimal:
    """Turn RAY into a ratio, exactly."""
    return from_base(ray, RAY_DECIMALS)


def yearly_to_ray(rate: Decimal | int) -> int:
    """Turn a nominal rate per year (0.04 for 4 %) into RAY per second, rounded down.

    Interest compounds at every accrual, so what is paid in a year is `effective_yearly` of this.
    """
    return to_base_down(rate, RAY_DECIMALS) // YEAR


def ray_to_yearly(rate: int) -> Decimal:
    """Turn RAY per second into the nominal rate per year: 0.04 for 4 %."""
    return from_ray(rate * YEAR)


def effective_yearly(rate: int) -> Decimal:
    """Turn RAY per second into what a year of continuous compounding adds: 0.0408 for 4 %."""
    with localcontext(Context(prec=30)):
        return ray_to_yearly(rate).exp() - 1


# -- What people write -----------------------------------------------------------------------------


def percent(number: Decimal | int | str) -> Decimal:
    """Return the ratio that a percentage names: 80 -> 0.8."""
    with localcontext(_EXACT):
        return Decimal(number).scaleb(-2)


def bps(number: Decimal | int | str) -> Decimal:
    """Return the ratio that a number of basis points names: 8000 -> 0.8."""
    with localcontext(_EXACT):
        return Decimal(number).scaleb(-4)


def parse_number(text: str) -> Decimal:
    """Read a decimal number as people write it: "1,000.50", "1_000", "10".

    :raises UnitError: if it is anything else, an exponent or a comma in an odd place included.
    """
    plain = text.strip()
    shape = re.fullmatch(r"-?(\d{1,3}([,_]\d{3})+|\d+)?(\.\d+)?", plain, re.ASCII)
    if shape is None or plain in ("", "-") or len(plain) > MOST_LETTERS:
        raise UnitError(f'"{text}" is not a number; write it like 1,000.50')
    return Decimal(re.sub("[,_]", "", plain))


def parse_ratio(text: str) -> Decimal:
    """Read "80 %" or "8000 bps" as the ratio 0.8."""
    match = re.fullmatch(r"\s*(\S+?)\s*(%|bps)\s*", str(text))
    if match is None:
        raise UnitError(f'"{text}" is not a share; write it like "80 %" or "8000 bps"')
    return (percent if match[2] == "%" else bps)(parse_number(match[1]))


def parse_span(text: str) -> int:
    """Read "3 days", "25 hours" or "90 seconds" as seconds."""
    match = re.fullmatch(r"\s*(\S+)\s+([a-z]+?)s?\s*", str(text))
    if match is None or match[2] not in _SPANS:
        raise UnitError(f'"{text}" is not a span of time; write it like "3 days" or "25 hours"')
    with localcontext(_EXACT):
        seconds = parse_number(match[1]) * _SPANS[match[2]]
    return to_base(seconds, 0)


@dataclass(frozen=True)
class Amount:
    """An amount as a person wrote it; `number` is None for "max", all there is."""

    number: Decimal | None
    symbol: str | None

    @property
    def is_max(self) -> bool:
        """Whether all there is was meant."""
        return self.number is None

    def __str__(self) -> str:
        number = "max" if self.number is None else format_number(self.number)
        return number if self.symbol is None else f"{number} {self.symbol}"


def parse_amount(text: str) -> Amount:
    """Read "10 WETH", "1,000.50", "max" or "max WETH"."""
    words = text.split()
    if not 1 <= len(words) <= 2:
        raise UnitError(f'"{text}" is not an amount; write it like "10 WETH" or "max"')
    symbol = words[1] if len(words) == 2 else None
    if words[0].lower() == "max":
        return Amount(None, symbol)

    number = parse_number(words[0])
    if number <= 0:
        raise UnitError(f'"{text}" is not above zero')
    return Amount(number, symbol)


# -- What people read ------------------------------------------------------------------------------


def format_number(number: Decimal, places: int | None = None) -> str:
    """Write a number with thousands separators, rounded down to `places` if given: less than
    nothing never looks better than it is.
    """
    with localcontext(_WIDE):
        shown = number + 0  # there is no -0
        if places is not None:
            shown = number.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR) + 0
        text = f"{shown:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def format_percent(ratio: Decimal, places: int = 2) -> str:
    """Write a ratio as a percentage: 0.8 -> "80.00 %"."""
    with localcontext(_WIDE):
        return f"{format_number(ratio.scaleb(2), places)} %"


def format_span(seconds: int) -> str:
    """Write a number of seconds in the largest unit that divides it: 259200 -> "3 days"."""
    for name, length in reversed(_SPANS.items()):
        if seconds % length == 0:
            count = seconds // length
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    raise AssertionError("one second divides every span")
