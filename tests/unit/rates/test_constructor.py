"""Curves that a rate model refuses."""

import ape
import pytest

from ringfence.model.interest import MAX_RATE
from tests.steps import MAX, WAD

KINK = 8 * WAD // 10


def test_tells_its_curve(curve):
    model = curve(KINK, 1, 2, 3)

    assert (model.KINK(), model.BASE_RATE(), model.KINK_RATE(), model.FULL_RATE()) == (
        KINK,
        1,
        2,
        3,
    )


@pytest.mark.parametrize("kink", [1, WAD - 1])
def test_the_kink_may_be_anywhere_inside(curve, kink):
    assert curve(kink, 1, 2, 3).KINK() == kink


@pytest.mark.parametrize("kink", [0, WAD, MAX])
def test_reverts_for_a_kink_outside(curve, kink):
    with ape.reverts("rates: kink not inside (0, 1)"):
        curve(kink, 1, 2, 3)


@pytest.mark.parametrize("rates", [(0, 0, 0), (5, 5, 5), (MAX_RATE, MAX_RATE, MAX_RATE)])
def test_may_be_flat(curve, rates):
    assert curve(KINK, *rates).borrow_rate(1, 1) == rates[0]


@pytest.mark.parametrize("rates", [(2, 1, 3), (1, 3, 2), (3, 2, 1)])
def test_reverts_for_a_curve_that_falls(curve, rates):
    with ape.reverts("rates: curve falls"):
        curve(KINK, *rates)


@pytest.mark.parametrize("full", [MAX_RATE + 1, MAX])
def test_reverts_above_the_cap(curve, full):
    with ape.reverts("rates: above the cap"):
        curve(KINK, 0, 0, full)
