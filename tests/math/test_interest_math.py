"""Growth of the debt index, and the kinked curve."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from ringfence.model import interest as model
from ringfence.model.fixed_point import RAY, WAD
from ringfence.model.interest import MAX_INDEX, MAX_RATE, YEAR
from tests.math.twins import ANY, HALF, RATIO, below, between, edges, either, exactly, near, rows

INDEXES = st.integers(RAY, 1_000_000 * RAY) | st.integers(RAY, MAX_INDEX)
RATES = st.integers(0, MAX_RATE)
TIMES = st.integers(0, 40 * YEAR) | st.integers(0, 86_400)
AMOUNTS = st.integers(0, 2**120)
RATE = below(MAX_RATE)


# -- Compounding -----------------------------------------------------------------------------------


def test_compound_equals_model(twins):
    index = either(near(RAY), between(RAY, 10 * RAY), below(MAX_INDEX), near(MAX_INDEX))
    elapsed = either(below(10 * YEAR), between(0, 100), below(2**48))

    twins.agree(model.compound, rows(6, 700, index, RATE, elapsed))
    twins.agree(model.compound, rows(7, 300, either(index, ANY), either(RATE, ANY), ANY))
    twins.agree(
        model.compound,
        edges([0, RAY, MAX_INDEX], [0, 1, MAX_RATE], [0, 1, YEAR, 1_000 * YEAR, 2**48]),
    )


def test_compound_equals_model_where_it_stops(twins):
    last = MAX_INDEX * RAY // (RAY + 1)  # what grows to the largest index with a rate of one

    twins.agree(model.compound, [(index, 1, 1) for index in range(last - 5, last + 6)])
    assert model.compound(last + 1, 1, 1) == MAX_INDEX
    assert model.compound(last + 2, 1, 1) == last + 2


@exactly
@given(index=INDEXES, rate=RATES, elapsed=TIMES)
def test_compound_is_never_above_true_compounding(index, rate, elapsed):
    with localcontext(prec=120):
        true = Decimal(index) * (Decimal(rate) * elapsed / RAY).exp()

    assert index <= model.compound(index, rate, elapsed) <= true


@exactly
@given(index=INDEXES, rate=st.integers(0, RAY // YEAR), elapsed=st.integers(0, 30 * 86_400))
def test_compound_is_close_to_true_compounding_for_a_month(index, rate, elapsed):
    grown = model.compound(index, rate, elapsed)

    with localcontext(prec=120):
        x = Decimal(rate) * elapsed / RAY
        missing = Decimal(index) * x.exp() - grown
        dust = Decimal(2 * index) / RAY + 1
        assert grown == index or missing <= Decimal(index) * x.exp() * x**4 / 24 + dust


@exactly
@given(index=INDEXES, rate=RATES, elapsed=TIMES, more=st.integers(0, 10**9))
def test_compound_is_monotone_until_it_stops(index, rate, elapsed, more):
    grown = model.compound(index, rate, elapsed)

    for other in (
        model.compound(index, rate, elapsed + more),
        model.compound(index, min(rate + more, MAX_RATE), elapsed),
        model.compound(min(index + more, MAX_INDEX), rate, elapsed),
    ):
        assert other >= grown or other in (index, min(index + more, MAX_INDEX))


@exactly
@given(index=INDEXES, rate=RATES, elapsed=st.integers(0, 1_000 * YEAR))
def test_compound_never_overflows_within_a_thousand_years(index, rate, elapsed):
    assert index <= model.compound(index, rate, elapsed) <= MAX_INDEX


def test_compound_stops_at_the_largest_index():
    assert model.compound(MAX_INDEX, MAX_RATE, 1) == MAX_INDEX
    assert model.compound(MAX_INDEX, MAX_RATE, 1_000 * YEAR) == MAX_INDEX
    assert model.compound(MAX_INDEX // 2, RAY // YEAR, YEAR) == MAX_INDEX // 2


# -- Utilisation -----------------------------------------------------------------------------------


def test_utilisation_equals_model(twins):
    twins.agree(model.utilisation, rows(8, 400, either(HALF, ANY), HALF))
    twins.agree(model.utilisation, edges([0, 1, 2**128, 2**256 - 1], [0, 1, 2**128, 2**256 - 1]))


@exactly
@given(cash=AMOUNTS, debt=AMOUNTS)
def test_utilisation_is_the_share_lent_rounded_up(cash, debt):
    used = model.utilisation(cash, debt)

    assert used == (ceil(Fraction(debt * WAD, cash + debt)) if debt else 0)
    assert used <= WAD
    assert used == WAD or cash > 0 or debt == 0


# -- Curve -----------------------------------------------------------------------------------------


def test_kinked_rate_equals_model(twins):
    base, at_kink, at_full = below(MAX_RATE // 3), between(MAX_RATE // 3, MAX_RATE // 2), RATE

    twins.agree(model.kinked_rate, rows(9, 400, RATIO, between(1, WAD), base, at_kink, at_full))
    twins.agree(model.kinked_rate, rows(10, 200, either(RATIO, ANY), ANY, ANY, ANY, ANY))
    twins.agree(
        model.kinked_rate,
        edges([0, 1, WAD // 2, WAD], [1, WAD // 2, WAD - 1], [0, 1], [1, 7], [7, MAX_RATE]),
    )


@exactly
@given(
    used=st.integers(0, WAD),
    kink=st.integers(1, WAD - 1),
    rates=st.tuples(RATES, RATES, RATES).map(sorted),
    more=st.integers(0, WAD),
)
def test_kinked_rate_is_the_line_rounded_up_and_never_falls(used, kink, rates, more):
    base, at_kink, at_full = rates

    rate = model.kinked_rate(used, kink, *rates)

    if used <= kink:
        line = base + Fraction((at_kink - base) * used, kink)
    else:
        line = at_kink + Fraction((at_full - at_kink) * (used - kink), WAD - kink)
    assert rate == ceil(line)
    assert rate <= model.kinked_rate(min(used + more, WAD), kink, *rates)
    assert model.kinked_rate(0, kink, *rates) == base
    assert model.kinked_rate(kink, kink, *rates) == at_kink
    assert model.kinked_rate(WAD, kink, *rates) == at_full
