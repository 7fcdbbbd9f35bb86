"""What holds for each chart, whatever is in it."""

import re
from decimal import Decimal, localcontext
from xml.etree import ElementTree

import pytest

from ringfence.charts import bar, figure
from tests.charts.samples import EVIL, charts

CHARTS = charts()
each = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)


@each
def test_is_well_formed_and_lets_nothing_in(chart):
    whole = ElementTree.fromstring(figure(chart))

    assert whole.tag == "figure"
    assert not [it for it in whole.iter() if it.tag in ("script", "style")]
    assert not [it for it in whole.iter() if {"style", "onload", "href"} & set(it.attrib)]


def test_the_caption_is_the_figures_own():
    for chart in CHARTS.values():
        whole = ElementTree.fromstring(figure(chart))

        assert [it.tag for it in whole] == ["figcaption", "div", "details"]
        assert len(list(whole.iter("figcaption"))) == 1


def test_each_is_named_by_its_own_title_and_words():
    for chart in CHARTS.values():
        picture = ElementTree.fromstring(chart.svg)
        names = picture.get("aria-labelledby").split()

        assert picture.get("role") == "img"
        assert [picture.find(f"*[@id='{it}']").tag for it in names] == ["title", "desc"]


def test_each_is_drawn_inside_the_picture():
    for chart in CHARTS.values():
        picture = ElementTree.fromstring(chart.svg)
        width, height = map(float, picture.get("viewBox").split()[2:])
        for it in picture.iter():
            assert 0 <= float(it.get("x", it.get("cx", 0))) <= width
            assert 0 <= float(it.get("y", it.get("cy", 0))) <= height
            assert not {"nan", "inf"} & set(re.findall("[a-z]+", it.get("d", "")))


def test_each_row_has_a_cell_for_each_column():
    for chart in CHARTS.values():
        assert chart.summary
        assert all(len(row) == len(chart.columns) for row in chart.rows)


def test_same_input_gives_the_same_bytes():
    again = {name: figure(it) for name, it in charts().items()}

    assert again == {name: figure(it) for name, it in CHARTS.items()}


@pytest.mark.parametrize("share", ["-1", "0", "0.333", "1", "7"])
def test_a_bar_is_well_formed_and_stays_inside(share):
    part = ElementTree.fromstring(bar(Decimal(share), EVIL, "bad"))[1]

    assert 0 <= float(part.get("width")) <= 100


def test_the_digits_that_a_decimal_keeps_change_nothing():
    with localcontext(prec=60):
        assert {name: figure(it) for name, it in charts().items()} == {
            name: figure(it) for name, it in CHARTS.items()
        }
