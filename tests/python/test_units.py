"""Numbers cross the border exactly, or say how they round."""

from decimal import Decimal

import pytest

from ringfence import units
from ringfence.units import RAY, WAD, YEAR, Amount, UnitError


@pytest.mark.parametrize(
    ("amount", "decimals", "base"),
    [
        (Decimal("1.5"), 6, 1_500_000),
        (Decimal("0.00000001"), 8, 1),
        (Decimal("123456789012345678901234567890.000000000000000001"), 18, None),
        (7, 0, 7),
        (Decimal("-2.5"), 1, -25),
    ],
)
def test_base_units_and_back(amount, decimals, base):
    found = units.to_base(amount, decimals)

    assert base is None or found == base
    assert units.from_base(found, decimals) == amount


@pytest.mark.parametrize("amount", [Decimal("0.0000001"), Decimal("NaN"), Decimal("Infinity")])
def test_what_does_not_fit_is_refused(amount):
    with pytest.raises(UnitError):
        units.to_base(amount, 6)


def test_down_drops_what_is_finer():
    assert units.to_base_down(Decimal("1.9999999"), 6) == 1_999_999


def test_largest_integer_survives():
    assert units.to_wad(units.from_wad(2**256 - 1)) == 2**256 - 1


def test_sums_are_exact():
    large = Decimal("123456789012345678901234567890.000001")

    assert str(units.added(large, Decimal("0.000001"))) == "123456789012345678901234567890.000002"


def test_scales():
    assert units.to_wad(Decimal("0.8")) == 8 * WAD // 10
    assert units.to_ray(2) == 2 * RAY
    assert units.from_ray(RAY // 2) == Decimal("0.5")
    assert units.percent(80) == units.bps(8_000) == Decimal("0.8")


@pytest.mark.parametrize("rate", [Decimal("0.04"), Decimal("0.75"), Decimal(10), Decimal(0)])
def test_yearly_rates_lose_less_than_a_unit_a_second(rate):
    ray = units.yearly_to_ray(rate)

    assert 0 <= rate - units.ray_to_yearly(ray) < Decimal(YEAR) / RAY


def test_effective_rate_compounds():
    assert round(units.effective_yearly(units.yearly_to_ray(Decimal("0.04"))), 6) == Decimal(
        "0.040811"
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("10", "10"), ("1,000.50", "1000.50"), ("1_000_000", "1000000"), (".5", "0.5"), ("-3", "-3")],
)
def test_numbers_as_people_write_them(text, number):
    assert units.parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "-", ".", "ten", "1,00", "1e3", "0x10", "1.2.3", "1 000", "١"]
)
def test_odd_numbers_are_refused(text):
    with pytest.raises(UnitError, match="write it like 1,000.50"):
        units.parse_number(text)


@pytest.mark.parametrize("text", ["80 %", "80%", " 8000 bps ", "80.0 %"])
def test_shares(text):
    assert units.parse_ratio(text) == Decimal("0.8")


@pytest.mark.parametrize("text", ["0.8", "80", "80 percent", "%"])
def test_odd_shares_are_refused(text):
    with pytest.raises(UnitError):
        units.parse_ratio(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("3 days", 259_200), ("1 hour", 3_600), ("1.5 minutes", 90)]
)
def test_spans(text, seconds):
    assert units.parse_span(text) == seconds


@pytest.mark.parametrize("text", ["3", "days", "3 moons", "0.1 seconds"])
def test_odd_spans_are_refused(text):
    with pytest.raises(UnitError):
        units.parse_span(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("10 WETH", Amount(Decimal(10), "WETH")),
        ("1,000.5", Amount(Decimal("1000.5"), None)),
        ("max", Amount(None, None)),
        ("MAX USDC", Amount(None, "USDC")),
    ],
)
def test_amounts(text, amount):
    assert units.parse_amount(text) == amount


@pytest.mark.parametrize("text", ["", "0 WETH", "-1", "1 2 3", "WETH 10"])
def test_odd_amounts_are_refused(text):
    with pytest.raises(UnitError):
        units.parse_amount(text)


def test_words_for_amounts():
    assert str(Amount(Decimal("1000.50"), "USDC")) == "1,000.5 USDC"
    assert str(Amount(None, "USDC")) == "max USDC"


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        ("1234567.899", 2, "1,234,567.89"),
        ("-0.999", 2, "-1.00"),
        ("-0.001", 2, "-0.01"),
        ("-0", 2, "0.00"),
        ("-0", None, "0"),
        ("1500.500", None, "1,500.5"),
        ("100", None, "100"),
        ("123456789012345678901234567890.5", 1, "123,456,789,012,345,678,901,234,567,890.5"),
    ],
)
def test_numbers_are_rounded_down(number, places, text):
    assert units.format_number(Decimal(number), places) == text


def test_percentages_and_spans_in_words():
    assert units.format_percent(Decimal("0.12345")) == "12.34 %"
    assert units.format_span(259_200) == "3 days"
    assert units.format_span(3_600) == "1 hour"
    assert units.format_span(90) == "90 seconds"
