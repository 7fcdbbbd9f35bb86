# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Collateral Registry
@license AGPL-3.0-only
@author The Ringfence authors
@notice Tokens that were ever listed as collateral, with their risk parameters.
@dev An index is given once and stays with its token, so that a bit in a vault's mask never comes
     to mean another token. Three slots a token: its index, its address with its cap, its rules.
"""

from ..math import bitmap
from ..math import fixed_point as fp
from ..math import health_math

MAX_TOKENS: constant(uint256) = 88  # what a vault has room to enable

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

DELISTED_NUMBER: constant(uint256) = 2**8  # flag beside a number
NUMBER_MASK: constant(uint256) = 2**8 - 1
CAP_SHIFT: constant(uint256) = 160
MAX_CAP: constant(uint256) = 2**96 - 1  # [token]
ADDRESS_MASK: constant(uint256) = 2**160 - 1


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
    cap: uint256  # [token] of one vault, counted when risk grows; meaningless unless `is_capped`


token_count: public(uint256)
_number: HashMap[address, uint256]  # token -> index + 1 and whether delisted; 0 if never listed
_tokens: uint256[MAX_TOKENS]  # index -> address, cap
_rules: uint256[MAX_TOKENS]  # index -> all else


# -- Views -----------------------------------------------------------------------------------------


@external
@view
def token_at(index: uint256) -> address:
    """
    @notice Return the token that was given this index.
    @param index Below `token_count`.
    @return Token; zero for an index that none has.
    """
    return self.address_of(index)


@external
@view
def cap_of(token: address) -> uint256:
    """
    @notice Return the balance of one vault that counts when risk grows.
    @param token Token to look up.
    @return Cap; the maximum for no cap, 0 for a token that was never listed. [token]
    """
    number: uint256 = self._number[token]
    if number == 0:
        return 0
    entry: Token = self.load((number & NUMBER_MASK) - 1)
    return entry.cap if entry.is_capped else max_value(uint256)


# -- For the host ----------------------------------------------------------------------------------


@internal
@view
def bit_of(token: address) -> uint256:
    """
    @dev The token's bit in the masks of vaults; 0 if it was never listed.
    """
    number: uint256 = self._number[token]
    if number == 0:
        return 0
    return bitmap.bit((number & NUMBER_MASK) - 1)


@internal
@view
def address_of(index: uint256) -> address:
    return convert(self._tokens[index] & ADDRESS_MASK, address)


@internal
@view
def index_of(token: address) -> uint256:
    """
    @dev Index of a token that is or was listed.
    """
    number: uint256 = self._number[token]
    assert number != 0, "engine: token not listed"
    return (number & NUMBER_MASK) - 1


@internal
@view
def listed_index_of(token: address) -> uint256:
    """
    @dev Index of a token that is listed.
    """
    index: uint256 = self.index_of(token)
    assert self._number[token] & DELISTED_NUMBER == 0, "engine: token delisted"
    return index


@internal
@view
def load(index: uint256) -> Token:
    rules: uint256 = self._rules[index]
    packed: uint256 = self._tokens[index]
    return Token(
        token=convert(packed & ADDRESS_MASK, address),
        initial_ltv=rules & LTV_MASK,
        start_ltv=(rules >> START_SHIFT) & LTV_MASK,
        target_ltv=(rules >> TARGET_SHIFT) & LTV_MASK,
        ramp_begin=(rules >> BEGIN_SHIFT) & TIME_MASK,
        ramp_end=(rules >> END_SHIFT) & TIME_MASK,
        decimals=(rules >> DECIMALS_SHIFT) & DECIMALS_MASK,
        is_delisted=(rules >> DELISTED_SHIFT) & 1 == 1,
        is_capped=(rules >> CAPPED_SHIFT) & 1 == 1,
        cap=packed >> CAP_SHIFT,
    )


@internal
def store(index: uint256, entry: Token):
    if entry.is_delisted:
        self._number[entry.token] = (index + 1) | DELISTED_NUMBER
    self._tokens[index] = convert(entry.token, uint256) | (entry.cap << CAP_SHIFT)
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
    self._number[entry.token] = index + 1
    self.store(index, entry)
    return index


@internal
@pure
def with_cap(entry: Token, cap: uint256) -> Token:
    """
    @dev The token with another cap; the maximum for no cap. [token]
    """
    changed: Token = entry
    changed.is_capped = cap != max_value(uint256)
    changed.cap = cap if changed.is_capped else 0
    assert changed.cap <= MAX_CAP, "engine: cap above 96 bits"
    return changed


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
