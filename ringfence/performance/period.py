"""Which stretch of time a period means, such as a quarter. Days begin at 00:00 UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ringfence.exceptions import RingfenceError
from ringfence.units import DAY

_PERIOD = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2])(?:-(\d{2}))?)?", re.ASCII)
EXAMPLES = "2026, 2026Q3, 2026-09 or 2026-09-30"


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of one day to the beginning of another."""

    begin: int  # [unix s]
    end: int  # [unix s]


def period_of(text: str) -> Period:
    """Return the year, the quarter, the month or the day that a text names.

    :raises RingfenceError: if it names none.
    """
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise RingfenceError(f'"{text}" is no period; write it like {EXAMPLES}')
    year, quarter, month, day = (int(it or 0) for it in found.groups())
    try:
        if found[4]:
            begin = _begin_of(year, month, day)
            return Period(begin, begin + DAY)
        first = month or 3 * quarter - 2 if month or quarter else 1
        months = 1 if month else 3 if quarter else 12
        return Period(_begin_of(year, first), _begin_of(year, first + months))
    except ValueError:
        raise RingfenceError(f'"{text}" is not in the calendar; write it like {EXAMPLES}') from None


def _begin_of(year: int, month: int, day: int = 1) -> int:
    """Return the beginning of a day; a month may be one of the next year. [unix s]"""
    years, months = divmod(month - 1, 12)
    return int(datetime(year + years, months + 1, day, tzinfo=UTC).timestamp())
