# pragma version 0.4.3
"""
@title Kinked Rate Model
@license AGPL-3.0-only
@author The Ringfence authors
@notice Borrow rate that rises slowly up to the kink and steeply beyond it.
@custom:kill Nothing to stop: no storage, no powers. A pool caps whatever this returns and keeps
             its last rate if this fails.
"""

from .interfaces import IInterestRateModel
from .math import fixed_point as fp
from .math import interest_math

implements: IInterestRateModel

KINK: public(immutable(uint256))  # [WAD] utilisation at which the slope changes
BASE_RATE: public(immutable(uint256))  # [RAY / s] at no utilisation
KINK_RATE: public(immutable(uint256))  # [RAY / s] at the kink
FULL_RATE: public(immutable(uint256))  # [RAY / s] at full utilisation


@deploy
def __init__(kink: uint256, base_rate: uint256, kink_rate: uint256, full_rate: uint256):
    """
    @param kink Utilisation at which the slope changes, between 0 and 1. [WAD]
    @param base_rate Rate at no utilisation. [RAY / s]
    @param kink_rate Rate at the kink, at least `base_rate`. [RAY / s]
    @param full_rate Rate at full utilisation, at least `kink_rate`. [RAY / s]
    """
    assert 0 < kink and kink < fp.WAD, "rates: kink not inside (0, 1)"
    assert base_rate <= kink_rate and kink_rate <= full_rate, "rates: curve falls"
    assert full_rate <= interest_math.MAX_RATE, "rates: above the cap"

    KINK = kink
    BASE_RATE = base_rate
    KINK_RATE = kink_rate
    FULL_RATE = full_rate


@external
@view
def borrow_rate(cash: uint256, debt: uint256) -> uint256:
    """
    @notice Return the borrow rate of a pool with these books.
    @param cash What is not lent. [asset]
    @param debt What is lent, interest included. [asset]
    @return Rate, rounded up. [RAY / s]
    """
    used: uint256 = interest_math.utilisation(cash, debt)
    return interest_math.kinked_rate(used, KINK, BASE_RATE, KINK_RATE, FULL_RATE)
