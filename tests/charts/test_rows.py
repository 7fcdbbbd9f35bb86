"""Waterfalls, ladders, histograms, and units: the numbers in them."""

from decimal import Decimal

import pytest

from ringfence.charts import PERCENT, RATIO, Bin, histogram, ladder, money, waterfall
from tests.charts.samples import USD


def test_a_waterfall_ends_in_the_sum():
    parts = [("paid in", Decimal("1234.5")), ("fees", Decimal("-0.25")), ("none", Decimal(0))]
    chart = waterfall("slug", "t", ("opening", Decimal(1000)), parts, "closing", USD)

    assert chart.columns == ("part", "amount, USD")
    assert chart.rows == (
        ("opening", "1,000.00"),
        ("paid in", "+1,234.50"),
        ("fees", "-0.25"),
        ("none", "0.00"),
        ("closing", "2,234.25"),
    )
    assert all(text in chart.svg for row in chart.rows for text in row)


def test_what_was_moved_is_neither_good_nor_bad():
    parts = [("paid in", Decimal(5)), ("taken out", Decimal(-2)), ("prices", Decimal(-1))]
    drawn = waterfall("slug", "t", ("a", Decimal(1)), parts, "b", USD, ["paid in", "taken out"]).svg

    assert [drawn.count(f'class="{it}"') for it in ("moved", "fall", "rise")] == [2, 1, 0]


def test_a_ladder_tells_where_it_starts_and_ends():
    steps = [(Decimal("0.5"), Decimal(300)), (Decimal("0.2"), Decimal(100))]
    chart = ladder("slug", "t", steps, "now: WETH at 200.00 USD", USD)

    assert chart.rows == (("20.00 %", "100.00"), ("50.00 %", "300.00"))
    assert chart.summary == (
        "now: WETH at 200.00 USD. From a fall of 20.00 % on 100.00 USD can be liquidated,"
        " from 50.00 % on 300.00 USD."
    )


def test_a_long_ladder_keeps_its_ends():
    steps = [(Decimal(it) / 2_000, Decimal(it)) for it in range(1_500)]
    chart = ladder("slug", "t", steps, "now", USD)

    assert chart.rows[-1] == ("74.95 %", "1,499.00")
    assert chart.note == f"{len(chart.rows)} of 1500 steps."


def test_a_histogram_writes_each_count_and_a_sign_of_its_tone():
    chart = histogram("slug", "t", [Bin("below 1", 2, "bad"), Bin("above 1", 1_234, "good")])

    assert chart.rows == (("below 1", "2"), ("above 1", "1,234"))
    assert all(f">{text}</text>" in chart.svg for row in chart.rows for text in row)
    assert chart.svg.count('class="icon') == 2


@pytest.mark.parametrize(
    ("unit", "value", "text", "signed"),
    [
        (USD, "1234.509", "1,234.50 USD", "+1,234.50"),
        (USD, "-1234.501", "-1,234.51 USD", "-1,234.51"),
        (PERCENT, "0.12345", "12.34 %", "+12.34 %"),
        (RATIO, "1.28415", "1.2841", "+1.2841"),
        (money("WBTC", 8), "0", "0.00000000 WBTC", "0.00000000"),
    ],
)
def test_units_write_numbers(unit, value, text, signed):
    assert unit.text(Decimal(value)) == text
    assert unit.signed(Decimal(value)) == signed
