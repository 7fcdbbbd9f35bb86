"""Pages of one file each: no script, nothing from elsewhere, the same facts give the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ringfence.charts import Chart, figure, stylesheet
from ringfence.pages.policy import policy_meta
from ringfence.units import DAY, format_number, format_percent, measured, to_wad
from ringfence.wording import price_text

NONE = "–"
HOUR, MINUTE = 3_600, 60  # [s]


def render(template: str, **context: Any) -> bytes:
    """Fill a template."""
    style = stylesheet()
    page = _environment().get_template(template)
    return page.render(style=Markup(style), policy=policy_meta(style), **context).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ringfence", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "money": money,
        "signed": signed,
        "amount": amount,
        "price": price,
        "share": share,
        "ratio": ratio,
        "moment": moment,
        "age": age,
        "short": short,
        "figure": drawn,
    }
    return environment


# -- Filters ---------------------------------------------------------------------------------------


def money(value: Decimal | None) -> str:
    """Write a value in the quote currency: 1,234.50."""
    return NONE if value is None else format_number(value, 2)


def signed(value: Decimal | None) -> str:
    """Write a change: +1,234.50."""
    text = money(value)
    return f"+{text}" if value is not None and value > 0 else text


def amount(value: Decimal | None) -> str:
    """Write an amount of a token to its last unit."""
    return NONE if value is None else format_number(value)


def price(value: Decimal | None) -> str:
    """Write a price with the digits that count."""
    return NONE if value is None else price_text(to_wad(value))


def share(value: Decimal | float | None) -> str:
    """Write a ratio in percent."""
    return NONE if value is None else format_percent(measured(value))


def ratio(value: Decimal | float | None, places: int = 2) -> str:
    """Write a plain ratio."""
    return NONE if value is None else format_number(measured(value), places)


def moment(unix_s: int | None) -> str:
    """Write a moment to the minute, in UTC."""
    if unix_s is None:
        return NONE
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M")


def age(seconds: int | None) -> str:
    """Write how old something is, in its largest unit."""
    if seconds is None:
        return NONE
    for name, length in (("d", DAY), ("h", HOUR), ("min", MINUTE)):
        if seconds >= length:
            return f"{seconds // length} {name}"
    return f"{seconds} s"


def short(text: str) -> str:
    """Write the ends of an address or a hash."""
    return f"{text[:8]}…{text[-6:]}"


def drawn(chart: Chart) -> Markup:
    """Put in a chart, whose texts are escaped already."""
    return Markup(figure(chart))
