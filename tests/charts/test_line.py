"""Lines over time: what they say, what they show, and what they leave out."""

from decimal import Decimal
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from ringfence.charts import Mark, Series, lines
from ringfence.charts.series import MOST_DRAWN, MOST_TOLD, thinned
from tests.charts.samples import START, USD, points


def drawn(chart, kind):
    """Return the paths and dots of a class."""
    picture = ElementTree.fromstring(chart.svg)
    return [it for it in picture.iter() if it.get("class", "").split()[:1] == [kind]]


def test_summary_tells_first_last_lowest_and_highest():
    chart = lines("slug", "t", [Series("equity", points([5, None, 2, 9, 7]))], unit=USD)

    assert chart.summary == (
        "First 5.00 USD on 2020-03-12 00:00, last 7.00 USD on 2020-03-12 04:00, lowest 2.00 USD"
        " on 2020-03-12 02:00, highest 9.00 USD on 2020-03-12 03:00; 1 of 5 unavailable."
        " Times in UTC."
    )


def test_table_holds_each_number_gap_and_event():
    series = [Series("a", points([1, None])), Series("b", points([3]), "no debt")]
    chart = lines("slug", "t", series, [Mark(START + 60, Decimal(1), "paid")], unit=USD)

    assert chart.columns == ("time, UTC", "a, USD", "b, USD", "event")
    assert chart.rows == (
        ("2020-03-12 00:00", "1.00", "3.00", ""),
        ("2020-03-12 00:01", "", "", "paid"),
        ("2020-03-12 01:00", "unavailable", "", ""),
    )


def test_a_gap_cuts_the_line():
    chart = lines("slug", "t", [Series("a", points([1, 2, None, 3, 4, None, 5]))])

    assert drawn(chart, "line")[0].get("d").count("M") == 2
    assert len(drawn(chart, "dot")) == 1


def test_a_step_lasts_until_the_gap():
    series = [Series("a", points([1, None, 3]))]

    assert drawn(lines("slug", "t", series, is_stepped=True), "line")
    assert not drawn(lines("slug", "t", series), "line")


def test_each_tone_has_its_own_shape():
    marks = [Mark(START, Decimal(1), "x", it) for it in ("in", "out", "bad", "plain")]
    shapes = {it.get("d").split("l")[-1] for it in drawn(lines("s", "t", [], marks), "mark")}

    assert len(shapes) == 4


def test_a_hundred_points_are_small():
    values = [245_000 + it * it % 977 for it in range(100)]
    chart = lines("slug", "t", [Series("a", points(values))], unit=USD)

    assert len(chart.svg) < 6_000


def test_a_long_series_is_drawn_thinner():
    chart = lines("slug", "t", [Series("a", points(it % 7 for it in range(50_000)))])

    assert drawn(chart, "line")[0].get("d").count(" ") < 2 * MOST_DRAWN


def test_a_long_table_says_what_it_leaves_out():
    chart = lines("slug", "t", [Series("a", points(range(5_000)))])

    assert len(chart.rows) <= MOST_TOLD
    assert chart.note == f"{len(chart.rows)} of 5000 moments, extremes among them."
    assert (chart.rows[0][1], chart.rows[-1][1]) == ("0.0000", "4,999.0000")


@given(st.lists(st.none() | st.integers(-(10**12), 10**12), min_size=21, max_size=90))
def test_thinning_keeps_ends_extremes_and_gaps(values):
    every = points(values)
    kept = thinned(every, 20)
    numbers = [it for it in values if it is not None]

    assert len(kept) <= 20
    assert set(kept) <= set(every)
    assert kept == sorted(kept, key=lambda it: it[0])
    if numbers:
        left = [int(it[1]) for it in kept if it[1] is not None]
        ends = (numbers[0], numbers[-1], min(numbers), max(numbers))
        assert (left[0], left[-1], min(left), max(left)) == ends
    assert (None in values) == any(it[1] is None for it in kept)
