"""What stretch of time people mean."""

from datetime import UTC, datetime

import pytest

from ringfence.exceptions import RingfenceError
from ringfence.performance.period import Period, period_of


def day(*date):
    return int(datetime(*date, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026Q1", (2026, 1, 1), (2026, 4, 1)),
        ("2026Q4", (2026, 10, 1), (2027, 1, 1)),
        ("2024-02", (2024, 2, 1), (2024, 3, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1)),
    ],
)
def test_a_period(text, begin, end):
    assert period_of(text) == Period(day(*begin), day(*end))


@pytest.mark.parametrize(
    "text", ["", "26", "2026Q5", "2026-13", "2026-00", "2026-02-30", "2026-02-00", "9999", "0000"]
)
def test_refuses_what_is_none(text):
    with pytest.raises(RingfenceError, match="write it like 2026, 2026Q3, 2026-09 or 2026-09-30"):
        period_of(text)
