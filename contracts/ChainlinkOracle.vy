# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Chainlink Oracle
@license AGPL-3.0-only
@author The Ringfence authors
@notice Price of a whole token in the quote currency, from AggregatorV3 feeds.
@dev A price is live if its feed answers, the answer lies within the bounds of the feed, is younger
     than its heartbeat, and, on a rollup, the sequencer is up. Reading never reverts: a dead price
     comes with the number at which the token counts meanwhile.
@custom:kill Nothing to stop: a feed that misbehaves is dead by its bounds and heartbeat; its
             replacement is announced first.
"""

from .interfaces import IChainlinkFeed
from .interfaces import IPriceOracle
from .math import fixed_point as fp
from .math import price_math
from .modules import feeds
from .modules import notice
from .modules import ownership

implements: IPriceOracle

initializes: ownership
initializes: notice
initializes: feeds

exports: (
    ownership.owner,
    ownership.pending_owner,
    ownership.transfer_ownership,
    ownership.accept_ownership,
    notice.NOTICE,
    notice.ready_at,
)

# -- Configuration ---------------------------------------------------------------------------------

QUOTE: public(immutable(address))  # token that is the quote currency itself; zero for none
SEQUENCER: public(immutable(address))  # sequencer uptime feed of a rollup; zero for none
GRACE: public(immutable(uint256))  # [s] after the sequencer came back


@deploy
def __init__(
    owner: address, notice_period: uint256, quote: address, sequencer: address, grace: uint256
):
    """
    @param owner Sets feeds: the market's risk admin, a timelock.
    @param notice_period How long a change of a feed stands announced. [s]
    @param quote Token whose price is always one; the zero address for none.
    @param sequencer Uptime feed of the rollup; the zero address for none.
    @param grace How long prices stay dead after the sequencer came back. [s]
    """
    ownership.__init__(owner)
    notice.__init__(notice_period)
    QUOTE = quote
    SEQUENCER = sequencer
    GRACE = grace


# -- Prices ----------------------------------------------------------------------------------------


@external
@view
def price_of(token: address) -> (uint256, bool):
    """
    @notice Return the price of a whole token by its first feed.
    @param token Token to price.
    @return Price [WAD] and whether it is live. The price of a dead feed is its last answer moved
            into its bounds, or the upper bound if it answers nothing above zero; of a token without
            feed, 0.
    """
    return self._price_by(token, self._first_feed(token))


@external
@view
def low_price_of(token: address) -> (uint256, bool):
    """
    @notice Return the lower of the token's prices, for decisions that grow risk.
    @param token Token to price.
    @return Price [WAD] and whether each of its feeds is live.
    """
    price: uint256 = 0
    is_live: bool = False
    low: uint256 = 0
    is_low_live: bool = False
    price, is_live, low, is_low_live = self._prices_of(token)
    return low, is_low_live


@external
@view
def prices_of(token: address) -> (uint256, bool, uint256, bool):
    """
    @notice Return what `price_of` and `low_price_of` answer, in one call.
    @param token Token to price.
    @return Price [WAD] and whether it is live; lower price [WAD] and whether that is live.
    """
    return self._prices_of(token)


@external
@view
def highest_price_of(token: address) -> uint256:
    """
    @notice Return the most that a whole token may cost, whatever its feed says.
    @param token Token with a feed.
    @return Upper bound of its first feed; of a token without feed, 0. [WAD]
    """
    if token == QUOTE:
        return fp.WAD
    feed: feeds.Feed = feeds.load(token, feeds.FIRST)
    return price_math.to_wad(feed.highest, feed.decimals)


@external
@view
def feed_of(token: address) -> feeds.Feed:
    """
    @notice Return the first feed of a token; all zero if it has none.
    @param token Token to look up.
    @return Source, heartbeat [s], decimals, whether there is a second feed, bounds [feed answer],
            when it was set [unix s].
    """
    return feeds.load(token, feeds.FIRST)


@external
@view
def second_feed_of(token: address) -> feeds.Feed:
    """
    @notice Return the second feed of a token; all zero if it has none.
    @param token Token to look up.
    @return Source, heartbeat [s], decimals, false, bounds [feed answer], when it was set [unix s].
    """
    return feeds.load(token, feeds.SECOND)


# -- Feeds -----------------------------------------------------------------------------------------


@external
def announce(call: Bytes[516]):
    """
    @notice Announce a change of this oracle, which may be made once the notice has passed.
    @param call Calldata of the call that will make the change.
    """
    ownership.check_owner()
    notice.announce(call)


@external
def cancel(call: Bytes[516]):
    """
    @notice Withdraw an announcement.
    @param call Calldata that was announced.
    """
    ownership.check_owner()
    notice.cancel(call)


@external
def set_feed(
    token: address, source: address, heartbeat: uint256, lowest: uint256, highest: uint256
):
    """
    @notice Give a token its first feed at once, or replace it after notice.
    @dev While the feed in place is live, the replacement must be, too, and agree within 5 %.
    @param token Token that the feed prices.
    @param source AggregatorV3 feed.
    @param heartbeat Age beyond which an answer is stale. [s]
    @param lowest Lowest believable answer. [feed answer]
    @param highest Highest believable answer. [feed answer]
    """
    ownership.check_owner()
    assert token != QUOTE, "oracle: quote needs no feed"

    old: feeds.Feed = feeds.load(token, feeds.FIRST)
    if old.source != empty(address):
        notice.spend(
            abi_encode(
                token,
                source,
                heartbeat,
                lowest,
                highest,
                method_id=method_id("set_feed(address,address,uint256,uint256,uint256)"),
            )
        )
    feed: feeds.Feed = self._checked(source, heartbeat, lowest, highest)
    feed.has_second = old.has_second
    self._check_continuity(old, feed)

    feeds.store(token, feeds.FIRST, feed)
    self._log(token, feed, False)


@external
def set_second_feed(
    token: address, source: address, heartbeat: uint256, lowest: uint256, highest: uint256
):
    """
    @notice Add, replace or, with the zero address as source, remove the second feed of a token,
            after notice.
    @param token Token that the feed prices; it has a first feed.
    @param source AggregatorV3 feed.
    @param heartbeat Age beyond which an answer is stale. [s]
    @param lowest Lowest believable answer. [feed answer]
    @param highest Highest believable answer. [feed answer]
    """
    ownership.check_owner()
    first: feeds.Feed = feeds.load(token, feeds.FIRST)
    assert first.source != empty(address), "oracle: no first feed"
    notice.spend(
        abi_encode(
            token,
            source,
            heartbeat,
            lowest,
            highest,
            method_id=method_id("set_second_feed(address,address,uint256,uint256,uint256)"),
        )
    )

    second: feeds.Feed = empty(feeds.Feed)
    if source != empty(address):
        second = self._checked(source, heartbeat, lowest, highest)
        self._check_continuity(feeds.load(token, feeds.SECOND), second)
    first.has_second = source != empty(address)

    feeds.store(token, feeds.FIRST, first)
    feeds.store(token, feeds.SECOND, second)
    self._log(token, second, True)


# -- Internals -------------------------------------------------------------------------------------


@internal
@view
def _first_feed(token: address) -> feeds.Feed:
    """
    @dev The quote currency has none and needs none.
    """
    if token == QUOTE:
        return empty(feeds.Feed)
    return feeds.load(token, feeds.FIRST)


@internal
@view
def _prices_of(token: address) -> (uint256, bool, uint256, bool):
    feed: feeds.Feed = self._first_feed(token)
    price: uint256 = 0
    is_live: bool = False
    price, is_live = self._price_by(token, feed)
    if not is_live or not feed.has_second:
        return price, is_live, price, is_live

    second: uint256 = 0
    is_second_live: bool = False
    second, is_second_live = feeds.read(feeds.load(token, feeds.SECOND))
    return price, True, min(price, second), is_second_live


@internal
@view
def _price_by(token: address, feed: feeds.Feed) -> (uint256, bool):
    if token == QUOTE:
        return fp.WAD, True
    if feed.source == empty(address):
        return 0, False

    price: uint256 = 0
    is_live: bool = False
    price, is_live = feeds.read(feed)
    return price, is_live and self._is_sequencer_up()


@internal
@view
def _is_sequencer_up() -> bool:
    """
    @dev The uptime feed answers 0 while the sequencer is up, and says since when.
    """
    if SEQUENCER == empty(address):
        return True

    round: feeds.Round = feeds.latest_round(SEQUENCER)
    if not round.is_given or round.answer != 0 or round.started_at == 0:
        return False
    if round.started_at > block.timestamp:
        return False
    return block.timestamp - round.started_at > GRACE


@internal
@view
def _checked(source: address, heartbeat: uint256, lowest: uint256, highest: uint256) -> feeds.Feed:
    feed: feeds.Feed = feeds.Feed(
        source=source,
        heartbeat=heartbeat,
        decimals=convert(staticcall IChainlinkFeed(source).decimals(), uint256),
        has_second=False,
        lowest=lowest,
        highest=highest,
        set_at=block.timestamp,
    )
    feeds.check(feed)
    return feed


@internal
@view
def _check_continuity(old: feeds.Feed, new: feeds.Feed):
    """
    @dev A feed stands for the length of the notice, so that small steps do not add up unseen, and a
         live one may only be replaced by one that is live, too, and agrees with it.
    """
    if old.source == empty(address):
        return
    assert block.timestamp >= old.set_at + notice.NOTICE, "oracle: replaced too recently"
    old_price: uint256 = 0
    new_price: uint256 = 0
    old_live: bool = False
    new_live: bool = False
    old_price, old_live = feeds.read(old)
    new_price, new_live = feeds.read(new)
    if old_live:
        assert new_live, "oracle: replacement is dead"
        assert price_math.is_near(new_price, old_price), "oracle: price jumps above 5 %"


@internal
def _log(token: address, feed: feeds.Feed, is_second: bool):
    log IPriceOracle.FeedSet(
        token=token,
        feed=feed.source,
        is_second=is_second,
        heartbeat=feed.heartbeat,
        lowest=feed.lowest,
        highest=feed.highest,
    )
