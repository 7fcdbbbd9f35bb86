"""Prometheus reads what was meant."""

import re
from decimal import Decimal, localcontext

import pytest

from ringfence.dashboard.metrics import Metric, exposition


def gauge(*samples, name="ringfence_debt", help="What is owed."):
    return Metric(name, help, "gauge", samples)


def test_metrics_are_written_in_order():
    debt = gauge(({"vault": "0xb", "asset": "USDC"}, 2), ({"asset": "USDC", "vault": "0xa"}, 1))
    block = Metric("ringfence_blocks_total", "Blocks seen.", "counter", [({}, 7)])

    text = exposition([debt, block])

    assert text == (
        "# HELP ringfence_blocks_total Blocks seen.\n"
        "# TYPE ringfence_blocks_total counter\n"
        "ringfence_blocks_total 7\n"
        "# HELP ringfence_debt What is owed.\n"
        "# TYPE ringfence_debt gauge\n"
        'ringfence_debt{asset="USDC",vault="0xa"} 1\n'
        'ringfence_debt{asset="USDC",vault="0xb"} 2\n'
    )
    assert exposition([block, debt]) == text
    assert exposition([]) == ""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2**256 - 1, str(2**256 - 1)),
        (-1, "-1"),
        (True, "1"),
        (Decimal("1E+30"), "1" + "0" * 30),
        (Decimal("1E-30"), "0." + "0" * 29 + "1"),
        (Decimal(f"{10**40}.{1:040}"), f"{10**40}.{1:040}"),
        (Decimal("Infinity"), "+Inf"),
        (Decimal("-Infinity"), "-Inf"),
        (Decimal("NaN"), "NaN"),
        (0.25, "0.25"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_numbers_are_exact(value, written):
    with localcontext(prec=5):
        text = exposition([gauge(({}, value))])

    assert text.splitlines()[-1] == f"ringfence_debt {written}"


def test_what_is_not_known_is_left_out():
    text = exposition([gauge(({"vault": "a"}, None), ({"vault": "b"}, 0))])

    assert [it for it in text.splitlines() if it[0] != "#"] == ['ringfence_debt{vault="b"} 0']


@pytest.mark.parametrize("label", ['a"b', "a\\b", "a\nb", '\\"\n\\n', 'x"} 1\nfalse_metric 2', "é"])
def test_a_label_says_what_it_was_told(label):
    text = exposition([gauge(({"label": label}, 1), help=label)])

    lines = text.split("\n")
    assert len(lines) == 4
    quoted = re.fullmatch(r'ringfence_debt\{label="((?:[^"\\]|\\.)*)"\} 1', lines[2])[1]
    assert unescaped(quoted) == label
    assert unescaped(lines[0].removeprefix("# HELP ringfence_debt ")) == label


def unescaped(text):
    return re.sub(r"\\(.)", lambda it: {"n": "\n"}.get(it[1], it[1]), text)


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "a\n", "é", "a{"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match="cannot be the name"):
        exposition([gauge(({}, 1), name=name)])
    with pytest.raises(ValueError, match="cannot be the name"):
        exposition([gauge(({name: "x"}, 1))])


def test_names_of_prometheus_are_no_labels():
    for label in ("__name__", "a:b"):
        with pytest.raises(ValueError, match="cannot be the name"):
            exposition([gauge(({label: "x"}, 1))])


def test_what_is_told_twice_is_refused():
    with pytest.raises(ValueError, match="told twice"):
        exposition([gauge(({}, 1)), gauge(({}, 2))])
    with pytest.raises(ValueError, match="two samples with the same labels"):
        exposition([gauge(({"a": "x", "b": "y"}, 1), ({"b": "y", "a": "x"}, 1))])


def test_another_kind_is_refused():
    with pytest.raises(ValueError, match="no kind of metric"):
        exposition([Metric("a", "b", "summary", [])])
