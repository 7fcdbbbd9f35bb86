"""Axes: round numbers and moments, in order, that do not run into each other."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ringfence.charts import PERCENT, RATIO, Series, lines, money
from ringfence.charts.axes import value_axis
from ringfence.charts.clock import time_ticks
from ringfence.charts.svg import WIDTH, width_of
from tests.charts.samples import START

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
MOMENTS = st.integers(0, 10**10)


@given(st.lists(NUMBERS, max_size=9))
@example([Decimal(10) ** 30, Decimal(10) ** 30 + Decimal("1e-9")])
def test_numbers_enclose_the_values_in_order(values):
    ticks = value_axis(values).ticks

    assert 2 <= len(ticks) <= 8
    assert list(ticks) == sorted(set(ticks))
    assert all(ticks[0] <= it <= ticks[-1] for it in values)


@given(st.lists(NUMBERS, max_size=9), st.sampled_from([PERCENT, RATIO, money("USD")]))
def test_numbers_on_an_axis_are_short_and_differ(values, unit):
    axis = value_axis(values)
    labels = unit.ticks(axis.ticks, axis.step)

    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 12


@pytest.mark.parametrize(
    ("ticks", "labels"),
    [
        (("0", "500000", "1000000"), ["0", "0.5M", "1.0M"]),
        (("0", "1000", "2000"), ["0", "1,000", "2,000"]),
        (("0", "10000"), ["0", "10k"]),
        (("-0.2", "0"), ["-0.2", "0"]),
        (("0", "2e-9"), ["0", "2e-9"]),
        (("0", "5e18"), ["0", "5e18"]),
    ],
)
def test_numbers_are_written_short(ticks, labels):
    values = [Decimal(it) for it in ticks]

    assert RATIO.ticks(values, values[1] - values[0]) == labels


@given(MOMENTS, st.integers(1, 10**10))
@example(START, 1)
@example(START, 86_400)
def test_moments_lie_inside_in_order(low, span):
    ticks = [it[0] for it in time_ticks(low, low + span, 400)]

    assert ticks == sorted(set(ticks))
    assert all(low <= it <= low + span for it in ticks)
    assert ticks


@given(MOMENTS, st.integers(0, 10**10))
@example(START, 86_400)
def test_labels_of_moments_never_overlap(low, span):
    points = [(low, Decimal(-1)), (low + span, Decimal(1))]
    picture = ElementTree.fromstring(lines("slug", "t", [Series("a", points)]).svg)
    labels = [it for it in picture.iter("text") if it.get("text-anchor") == "middle"]
    spans = [(float(it.get("x")), width_of(it.text) / 2) for it in labels]

    assert all(x - half >= 0 and x + half <= WIDTH for x, half in spans)
    for (x, half), (next_x, next_half) in zip(spans, spans[1:], strict=False):
        assert x + half < next_x - next_half
