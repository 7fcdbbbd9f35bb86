# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Collateral Registry
@license AGPL-3.0-only
@author The Ringfence authors
@notice Tokens that were ever listed as collateral, with their risk parameters.
@dev An index is given once and stays with its token, so that a bit in a vault's mask never comes
     to mean another token. What margin checks read of a token fits in one slot.
"""

from ..math import bitmap
from ..math import fixed_point as fp
from ..math import health_math

MAX_TOKENS: constant(uint256) = 128

LTV_BITS: constant(uint256) = 60
LTV_MASK: constant(uint256) = 2**60 - 1
TIME_MASK: constant(uint256) = 2**32 - 1
START_SHIFT: constant(uint256) = 60
TARGET_SHIFT: constant(uint256) = 120
BEGIN_SHIFT: constant(uint256) = 180
END_SHIFT: constant(uint256) = 212
DECIMALS_SHIFT: constant(uint256) = 244
DECIMALS_MASK: constant(uint256) = 2**5 - 1
DELISTED_SHIFT: constant(uint256) = 249
CAPPED_SHIFT: constant(uint256) = 250


struct Token:
    token: address
    initial_ltv: uint256  # [WAD]
    start_ltv: uint256  # [WAD] maintenance, until `ramp_begin`
    target_ltv: uint256  # [WAD] maintenance, from `ramp_end` on
    ramp_begin: uint256  # [unix s]
    ramp_end: uint256  # [unix s]
    decimals: uint256
    is_delisted: bool
    is_capped: bool


token_count: public(uint256)
token_at: public(address[MAX_TOKENS])  # index -> token
cap_of: public(HashMap[address, uint256])  # [token] of one vault, counted when risk grows
_number: HashMap[address, uint256]  # token -> index + 1; 0 if never listed
_rules: uint256[MAX_TOKENS]  # index -> all else, packed


@internal
@view
def bit_of(token: address) -> uint256:
    """
    @dev The token's bit in the masks of vaults; 0 if it was never listed.
    """
    number: uint256 = self._number[token]
    if number == 0:
        return 0
    return bitmap.bit(number - 1)


@internal
@view
def index_of(token: address) -> uint256:
    number: uint256 = self._number[token]
    assert number != 0, "engine: token not listed"
    return number - 1


@internal
@view
def load(index: uint256) -> Token:
    rules: uint256 = self._rules[index]
    return Token(
        token=self.token_at[index],
        initial_ltv=rules & LTV_MASK,
        start_ltv=(rules >> START_SHIFT) & LTV_MASK,
        target_ltv=(rules >> TARGET_SHIFT) & LTV_MASK,
        ramp_begin=(rules >> BEGIN_SHIFT) & TIME_MASK,
        ramp_end=(rules >> END_SHIFT) & TIME_MASK,
        decimals=(rules >> DECIMALS_SHIFT) & DECIMALS_MASK,
        is_delisted=(rules >> DELISTED_SHIFT) & 1 == 1,
        is_capped=(rules >> CAPPED_SHIFT) & 1 == 1,
    )


@internal
def store(index: uint256, entry: Token):
    self._rules[index] = (
        entry.initial_ltv
        | (entry.start_ltv << START_SHIFT)
        | (entry.target_ltv << TARGET_SHIFT)
        | (entry.ramp_begin << BEGIN_SHIFT)
        | (entry.ramp_end << END_SHIFT)
        | (entry.decimals << DECIMALS_SHIFT)
        | (convert(entry.is_delisted, uint256) << DELISTED_SHIFT)
        | (convert(entry.is_capped, uint256) << CAPPED_SHIFT)
    )


@internal
def append(entry: Token) -> uint256:
    """
    @dev Give a token the next index, for ever.
    """
    assert self._number[entry.token] == 0, "engine: token listed before"
    index: uint256 = self.token_count
    assert index < MAX_TOKENS, "engine: too many tokens"

    self.token_count = index + 1
    self.token_at[index] = entry.token
    self._number[entry.token] = index + 1
    self.store(index, entry)
    return index


@internal
@view
def maintenance_ltv(entry: Token) -> uint256:
    """
    @dev Maintenance LTV now, in the middle of its ramp if there is one. [WAD]
    """
    return health_math.ramped(
        entry.start_ltv, entry.target_ltv, entry.ramp_begin, entry.ramp_end, block.timestamp
    )


@internal
@view
def largest_maintenance_ltv() -> uint256:
    largest: uint256 = 0
    for index: uint256 in range(self.token_count, bound=MAX_TOKENS):
        largest = max(largest, self.maintenance_ltv(self.load(index)))
    return largest
