"""What a chart counts in, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ringfence.units import format_number, format_percent

LONGEST = 6  # decimal places on an axis; smaller steps are written with an exponent
SCALES = ((12, "T"), (9, "B"), (6, "M"), (3, "k"), (0, ""))
LARGEST = 16  # power of ten from which on an axis has exponents


@dataclass(frozen=True)
class Unit:
    """A currency or token, a share (0.8 for 80 %), or a plain ratio."""

    code: str = ""
    places: int = 2
    is_percent: bool = False

    @property
    def label(self) -> str:
        """What stands above an axis or a column."""
        return "%" if self.is_percent else self.code

    def bare(self, value: Decimal) -> str:
        """Write a number for a column that names the unit."""
        if self.is_percent:
            return format_percent(value, self.places)
        return format_number(value, self.places)

    def text(self, value: Decimal) -> str:
        """Write a number with its unit: "1,234.50 USD"."""
        return f"{self.bare(value)} {self.code}" if self.code else self.bare(value)

    def signed(self, value: Decimal) -> str:
        """Write a change: "+1,234.50" or "-1,234.50"."""
        text = self.bare(value)
        return text if text.startswith("-") or value == 0 else f"+{text}"

    def column(self, name: str) -> str:
        """Name a column: "equity, USD"; percent are told in the cells."""
        return f"{name}, {self.code}" if self.code else name

    def ticks(self, values: Sequence[Decimal], step: Decimal) -> list[str]:
        """Write the numbers of an axis, which are `step` apart, all in the same short form."""
        if self.is_percent:
            values, step = [it.scaleb(2) for it in values], step.scaleb(2)
        top = max((abs(it) for it in values), default=Decimal(0)).adjusted()
        if top >= LARGEST or step.adjusted() < -LONGEST:
            return [_exponent(it, step) for it in values]
        power, suffix = next(it for it in SCALES if top >= it[0] or it[0] == 0)
        if power == 3 and top < 4:
            power, suffix = 0, ""
        places = max(0, power - step.adjusted())
        return [
            f"{format_number(it.scaleb(-power), places)}{suffix}" if it else "0" for it in values
        ]


def money(code: str, places: int = 2) -> Unit:
    """Return the unit of an amount of a currency or token."""
    return Unit(code, places)


PERCENT = Unit(is_percent=True)
RATIO = Unit(places=4)


def _exponent(value: Decimal, step: Decimal) -> str:
    if value == 0:
        return "0"
    return f"{value:.{max(0, value.adjusted() - step.adjusted())}e}".replace("e+", "e")
