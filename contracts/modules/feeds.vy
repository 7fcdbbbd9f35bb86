# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Feeds
@license AGPL-3.0-only
@author The Ringfence authors
@notice Stores price feeds with their bounds and reads them without ever reverting.
@dev Two slots a feed: what it is, and what may be believed. A token has a first feed and may have
     a second; ranks 0 and 1.
"""

from ..math import health_math
from ..math import packing
from ..math import price_math

FEED_GAS: constant(uint256) = 200_000  # a caller who starves the feed cannot finish the call either
MAX_TIME: constant(uint256) = 2**40 - 1
MAX_DECIMALS: constant(uint256) = 36

HEARTBEAT_SHIFT: constant(uint256) = 160
DECIMALS_SHIFT: constant(uint256) = 200
SECOND_SHIFT: constant(uint256) = 208
SET_SHIFT: constant(uint256) = 216
ADDRESS_MASK: constant(uint256) = 2**160 - 1

FIRST: constant(uint256) = 0
SECOND: constant(uint256) = 1


struct Feed:
    source: address
    heartbeat: uint256  # [s]
    decimals: uint256
    has_second: bool  # of a first feed: the token has a second one
    lowest: uint256  # [feed answer]
    highest: uint256  # [feed answer]
    set_at: uint256  # [unix s]


struct Round:
    is_given: bool
    answer: int256  # [feed answer]
    started_at: uint256  # [unix s]
    updated_at: uint256  # [unix s]


_what: HashMap[address, HashMap[uint256, uint256]]  # token -> rank -> all but the bounds
_bounds: HashMap[address, HashMap[uint256, uint256]]  # token -> rank -> lowest, highest


@internal
@view
def load(token: address, rank: uint256) -> Feed:
    what: uint256 = self._what[token][rank]
    bounds: uint256 = self._bounds[token][rank]
    return Feed(
        source=convert(what & ADDRESS_MASK, address),
        heartbeat=(what >> HEARTBEAT_SHIFT) & MAX_TIME,
        decimals=(what >> DECIMALS_SHIFT) & 255,
        has_second=(what >> SECOND_SHIFT) & 1 == 1,
        lowest=packing.low_half(bounds),
        highest=packing.high_half(bounds),
        set_at=what >> SET_SHIFT,
    )


@internal
def store(token: address, rank: uint256, feed: Feed):
    self._what[token][rank] = (
        convert(feed.source, uint256)
        | (feed.heartbeat << HEARTBEAT_SHIFT)
        | (feed.decimals << DECIMALS_SHIFT)
        | (convert(feed.has_second, uint256) << SECOND_SHIFT)
        | (feed.set_at << SET_SHIFT)
    )
    self._bounds[token][rank] = packing.pack(feed.lowest, feed.highest)


@internal
@view
def check(feed: Feed):
    """
    @dev Refuse a feed whose numbers cannot be meant.
    """
    assert 0 < feed.heartbeat and feed.heartbeat <= MAX_TIME, "oracle: heartbeat out of range"
    assert feed.decimals <= MAX_DECIMALS, "oracle: too many decimals"
    assert feed.lowest < feed.highest, "oracle: empty bounds"
    assert price_math.to_wad(feed.lowest, feed.decimals) > 0, "oracle: lowest price is zero"
    assert (
        price_math.to_wad(feed.highest, feed.decimals) <= health_math.MAX_PRICE
    ), "oracle: highest price too high"


@internal
@view
def read(feed: Feed) -> (uint256, bool):
    """
    @dev Return the price of a whole token [WAD] and whether it is live. A dead price is the last
         answer moved into the bounds, or the upper bound if the feed answers nothing above zero.
    """
    round: Round = self.latest_round(feed.source)
    if not round.is_given or round.answer <= 0:
        return price_math.to_wad(feed.highest, feed.decimals), False

    believed: uint256 = price_math.clamp(round.answer, feed.lowest, feed.highest)
    is_live: bool = round.answer == convert(believed, int256) and self._is_fresh(
        round.updated_at, feed.heartbeat
    )
    return price_math.to_wad(believed, feed.decimals), is_live


@internal
@view
def latest_round(source: address) -> Round:
    """
    @dev Ask a feed for its latest round; whatever it does, the answer comes back.
    """
    success: bool = False
    response: Bytes[160] = b""
    success, response = raw_call(
        source,
        method_id("latestRoundData()"),
        max_outsize=160,
        gas=FEED_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(response) < 160:
        return empty(Round)
    words: (uint256, int256, uint256, uint256, uint256) = abi_decode(
        response, (uint256, int256, uint256, uint256, uint256)
    )
    return Round(is_given=True, answer=words[1], started_at=words[2], updated_at=words[3])


@internal
@view
def _is_fresh(updated_at: uint256, heartbeat: uint256) -> bool:
    if updated_at == 0 or updated_at > MAX_TIME:
        return False
    return updated_at + heartbeat >= block.timestamp
