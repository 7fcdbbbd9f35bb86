# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Liquidation Terms
@license AGPL-3.0-only
@author The Ringfence authors
@notice Bonus, healths, insurance share and dust of liquidations.
@dev Two slots.
"""

from ..interfaces import IMarginEngine
from ..math import fixed_point as fp

MAX_TARGET: constant(uint256) = 125 * 10**16  # [WAD]

_bonus_terms: uint256  # smallest and largest bonus, floor and target health, 64 bits each
_other_terms: uint256  # dust value 128 bits, insurance share


@external
@view
def liquidation_terms() -> IMarginEngine.LiquidationTerms:
    """
    @notice Return bonus, healths, insurance share and dust value of liquidations.
    @return Terms. [WAD]
    """
    return self.load()


# -- For the host ----------------------------------------------------------------------------------


@internal
@view
def load() -> IMarginEngine.LiquidationTerms:
    first: uint256 = self._bonus_terms
    second: uint256 = self._other_terms
    return IMarginEngine.LiquidationTerms(
        min_bonus=first & (2**64 - 1),
        max_bonus=(first >> 64) & (2**64 - 1),
        floor_health=(first >> 128) & (2**64 - 1),
        target_health=first >> 192,
        insurance_share=second >> 128,
        dust_value=second & (2**128 - 1),
    )


@internal
def store(terms: IMarginEngine.LiquidationTerms):
    assert 0 < terms.min_bonus and terms.min_bonus <= terms.max_bonus, "engine: bonus out of order"
    assert terms.max_bonus < fp.WAD, "engine: bonus out of order"
    assert terms.floor_health < fp.WAD, "engine: floor health above 1"
    assert fp.WAD < terms.target_health, "engine: target health too low"
    assert terms.target_health <= MAX_TARGET, "engine: target health too high"
    assert terms.insurance_share < fp.WAD, "engine: insurance takes all"
    assert 0 < terms.dust_value and terms.dust_value < 2**128, "engine: dust out of range"

    self._bonus_terms = (
        terms.min_bonus
        | (terms.max_bonus << 64)
        | (terms.floor_health << 128)
        | (terms.target_health << 192)
    )
    self._other_terms = terms.dust_value | (terms.insurance_share << 128)
    log IMarginEngine.LiquidationTermsChanged(
        min_bonus=terms.min_bonus,
        max_bonus=terms.max_bonus,
        floor_health=terms.floor_health,
        target_health=terms.target_health,
        insurance_share=terms.insurance_share,
        dust_value=terms.dust_value,
    )
