"""A chart of every kind, and of everything that once is, or that a stranger may name."""

from decimal import Decimal

from ringfence.charts import (
    PERCENT,
    Bin,
    Mark,
    Series,
    Threshold,
    area,
    histogram,
    ladder,
    lines,
    money,
    waterfall,
)

START = 1_583_971_200  # 2020-03-12 00:00:00 UTC
USD = money("USD")
EVIL = "</svg><script>alert(1)</script>\"'&\u202e\x00\ud800"

VALUES = {
    "no points": [],
    "only gaps": [None, None],
    "one point": [1000],
    "one between gaps": [None, 1000, None],
    "two equal": [1000, 1000],
    "gaps": [1, None, 3, 2, None, 5],
    "zeros": [0, 0, 0],
    "huge": ["1e12", "3e12", "2e12"],
    "huge and nearly flat": ["1000000000000.00", "1000000000000.01"],
    "larger than any token": ["1e40", "-1e40", "1e-40"],
    "tiny": ["1e-9", "3e-9", "2e-9"],
    "below zero": [-5, -3, -4],
    "across zero": [-5, 3, -4],
    "endless": ["Infinity", 1, "NaN"],
}


def points(values, step=3_600):
    """Space values in time; None stays None."""
    return [
        (START + step * number, None if it is None else Decimal(it))
        for number, it in enumerate(values)
    ]


def charts():
    """Return charts by name."""
    found = {}
    for name, values in VALUES.items():
        series = [Series("equity", points(values))]
        found[f"line of {name}"] = lines("slug", name, series, unit=USD)
        found[f"stair of {name}"] = lines("slug", name, series, unit=USD, is_stepped=True)
        found[f"area of {name}"] = area("slug", name, points(values))
    return found | _others()


def _others():
    evil = [Series(EVIL, points([1, 2])), Series(EVIL, points([3, None, 4]))]
    marks = [Mark(START, Decimal(1), EVIL, it) for it in ("in", "out", "bad", "plain")]
    levels = [Threshold(Decimal(1), EVIL), Threshold(Decimal("1.01"), EVIL)]
    one, many = Decimal(1), [(Decimal(it) / 2000, Decimal(it)) for it in range(1_500)]
    return {
        "no series": lines("slug", "none", []),
        "evil line": lines(EVIL, EVIL, evil, marks, levels, money(EVIL)),
        "same moment": lines("slug", "twice", [Series("x", points([1, 2], step=0))]),
        "waterfall": waterfall("slug", EVIL, (EVIL, one), [(EVIL, -5 * one)], EVIL, USD),
        "empty waterfall": waterfall("slug", "none", ("a", 0 * one), [], "b", PERCENT),
        "ladder": ladder("slug", EVIL, [(one / 4, one), (one / 2, 2 * one)], EVIL, USD),
        "ladder of one": ladder("slug", "one", [(one, one)], "now", USD),
        "ladder of many": ladder("slug", "many", many, "now", USD),
        "ladder of none": ladder("slug", "none", [], "now", USD),
        "histogram": histogram("slug", EVIL, [Bin(EVIL, 3, "bad"), Bin("b", 0, "good")]),
        "empty histogram": histogram("slug", "none", []),
    }
