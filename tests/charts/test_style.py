"""The style: asks for nothing from elsewhere, and can be read in light and in dark."""

import re
from itertools import product

import pytest

from ringfence.charts import stylesheet

STYLE = stylesheet()
SCHEMES = ("light", "dark")
TEXT = ("text", "muted", "accent", "good", "warn", "bad")
DRAWN = ("accent", "s2", "s3", "s4", "good", "warn", "bad", "edge")


def colours(scheme):
    """Return the colours of a scheme: the dark ones come second."""
    found = {}
    for name, value in re.findall(
        r"--([a-z0-9-]+): (#[0-9a-f]{3,6})\b", STYLE.split("/* Paper")[0]
    ):
        found.setdefault(name, []).append(value)
    charts = STYLE.split("/* Charts.")[1]
    for name, value in re.findall(r"--(s\d): (#[0-9a-f]{6})", charts):
        if value not in found.setdefault(name, []):
            found[name].append(value)
    return {name: values[SCHEMES.index(scheme)] for name, values in found.items()}


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2 defines it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    parts = [int(colour[it : it + 2], 16) / 255 for it in (1, 3, 5)]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts]
    return sum(share * it for share, it in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_asks_for_nothing_from_elsewhere():
    assert "url(" not in STYLE
    assert "@import" not in STYLE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read(scheme):
    colour = colours(scheme)
    pairs = [*product(TEXT, ("card", "page")), *((it, f"{it}-tint") for it in TEXT[3:])]
    pairs += [("text", it) for it in ("good-tint", "warn-tint", "bad-tint", "plain-tint", "tint")]

    assert [it for it in pairs if contrast(colour[it[0]], colour[it[1]]) < 4.5] == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_drawn_can_be_seen(scheme):
    colour = colours(scheme)

    assert [it for it in DRAWN if contrast(colour[it], colour["card"]) < 3] == []


@pytest.mark.parametrize(
    "kind", ["line", "mark", "threshold", "under", "whole", "rise", "fall", "moved"]
)
def test_each_kind_of_line_has_a_style(kind):
    assert re.search(rf"\.{kind}\b", STYLE)
