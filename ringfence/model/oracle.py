"""Mirror of `ChainlinkOracle.vy` and `modules/feeds.vy`, and an oracle that is simply told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Protocol, cast

from ringfence.model.chain import ZERO, Chain, Names, Part, transaction
from ringfence.model.fixed_point import WAD
from ringfence.model.health import MAX_PRICE
from ringfence.model.notice import Call, Notice
from ringfence.model.ownership import Ownership
from ringfence.model.packing import pack
from ringfence.model.price import clamp, is_near, to_wad
from ringfence.model.refusal import check

MAX_TIME = 2**40 - 1
MAX_DECIMALS = 36

FIRST = 0
SECOND = 1


class PriceOracle(Protocol):
    """Price of a whole token [WAD], and whether it can be believed."""

    def price_of(self, token: str) -> tuple[int, bool]:
        """Price by the first feed."""

    def low_price_of(self, token: str) -> tuple[int, bool]:
        """The lower of the token's prices, for decisions that grow risk."""

    def highest_price_of(self, token: str) -> int:
        """The most that a whole token may cost [WAD], whatever its feed says."""


class GivenPrices:
    """Prices as a test gives them."""

    def __init__(self) -> None:
        self._prices: dict[str, tuple[int, bool]] = {}
        self._low_prices: dict[str, tuple[int, bool]] = {}
        self._highest_prices: dict[str, int] = {}

    def give(
        self,
        token: str,
        price: int,
        is_live: bool = True,
        low_price: int | None = None,
        low_is_live: bool | None = None,
        highest_price: int | None = None,
    ) -> None:
        """Set the prices of a token [WAD]; the low and the highest are the same unless given."""
        self._prices[token] = price, is_live
        self._highest_prices[token] = price if highest_price is None else highest_price
        self._low_prices[token] = (
            price if low_price is None else low_price,
            is_live if low_is_live is None else low_is_live,
        )

    def price_of(self, token: str) -> tuple[int, bool]:
        """Price [WAD] and whether it is live."""
        return self._prices.get(token, (0, False))

    def low_price_of(self, token: str) -> tuple[int, bool]:
        """Low price [WAD] and whether it is live."""
        return self._low_prices.get(token, (0, False))

    def highest_price_of(self, token: str) -> int:
        """Highest price [WAD]."""
        return self._highest_prices.get(token, 0)


class FeedModel(Part):
    """Mirror of `mocks/MockFeed.vy`."""

    stored: ClassVar[Names] = ("answer", "started_at", "updated_at", "is_down")

    def __init__(self, chain: Chain, address: str, decimals: int, answer: int) -> None:
        super().__init__(chain, address)
        self.decimals = decimals
        self.answer = answer  # [feed answer]
        self.started_at = chain.now  # [unix s]
        self.updated_at = chain.now  # [unix s]
        self.is_down = False

    def set_answer(self, answer: int) -> None:
        """Answer this from now on, as updated now."""
        self.answer = answer
        self.updated_at = self.now

    def set_times(self, started_at: int, updated_at: int) -> None:
        """Answer as started and updated at these times [unix s]."""
        self.started_at = started_at
        self.updated_at = updated_at


@dataclass(frozen=True)
class Feed:
    """A feed, and what may be believed of it."""

    source: str = ZERO
    heartbeat: int = 0  # [s]
    decimals: int = 0
    has_second: bool = False
    lowest: int = 0  # [feed answer]
    highest: int = 0  # [feed answer]
    set_at: int = 0  # [unix s]


class OracleModel(Ownership, Notice):
    """Prices by feeds."""

    stored: ClassVar[Names] = ("_feeds",)

    def __init__(
        self,
        chain: Chain,
        address: str,
        owner: str,
        notice: int,
        quote: str = ZERO,
        sequencer: str = ZERO,
        grace: int = 0,
    ) -> None:
        Ownership.__init__(self, chain, address, owner)
        Notice.__init__(self, chain, address, notice)
        self.quote = quote
        self.sequencer = sequencer
        self.grace = grace  # [s]
        self._feeds: dict[tuple[str, int], Feed] = {}

    # -- Prices ------------------------------------------------------------------------------------

    def price_of(self, token: str) -> tuple[int, bool]:
        """Price of a whole token by its first feed [WAD], and whether it is live."""
        if token == self.quote:
            return WAD, True
        feed = self.feed_of(token)
        if feed.source == ZERO:
            return 0, False
        price, is_live = self._read(feed)
        return price, is_live and self._is_sequencer_up()

    def low_price_of(self, token: str) -> tuple[int, bool]:
        """The lower of the token's prices [WAD], and whether each of its feeds is live."""
        price, is_live = self.price_of(token)
        if not is_live or token == self.quote or not self.feed_of(token).has_second:
            return price, is_live
        second, is_live = self._read(self.second_feed_of(token))
        return min(price, second), is_live

    def highest_price_of(self, token: str) -> int:
        """Upper bound of the token's first feed [WAD]."""
        if token == self.quote:
            return WAD
        feed = self.feed_of(token)
        return to_wad(feed.highest, feed.decimals)

    def feed_of(self, token: str) -> Feed:
        """The first feed of a token."""
        return self._feeds.get((token, FIRST), Feed())

    def second_feed_of(self, token: str) -> Feed:
        """The second feed of a token."""
        return self._feeds.get((token, SECOND), Feed())

    # -- Feeds -------------------------------------------------------------------------------------

    @transaction
    def announce(self, call: Call, *, sender: str) -> None:
        """Announce a change of this oracle."""
        self._check_owner(sender)
        self._announce(call)

    @transaction
    def cancel(self, call: Call, *, sender: str) -> None:
        """Withdraw an announcement."""
        self._check_owner(sender)
        self._cancel(call)

    @transaction
    def set_feed(
        self, token: str, source: str, heartbeat: int, lowest: int, highest: int, *, sender: str
    ) -> None:
        """Give a token its first feed at once, or replace it after notice."""
        self._check_owner(sender)
        check(token != self.quote, "oracle: quote needs no feed")
        old = self.feed_of(token)
        if old.source != ZERO:
            self._spend("set_feed", token, source, heartbeat, lowest, highest)
        feed = self._checked(source, heartbeat, lowest, highest)
        self._check_continuity(old, feed)
        self._store(token, FIRST, replace(feed, has_second=old.has_second))

    @transaction
    def set_second_feed(
        self, token: str, source: str, heartbeat: int, lowest: int, highest: int, *, sender: str
    ) -> None:
        """Add, replace or, with the zero address, remove a token's second feed, after notice."""
        self._check_owner(sender)
        first = self.feed_of(token)
        check(first.source != ZERO, "oracle: no first feed")
        self._spend("set_second_feed", token, source, heartbeat, lowest, highest)
        second = Feed()
        if source != ZERO:
            second = self._checked(source, heartbeat, lowest, highest)
            self._check_continuity(self.second_feed_of(token), second)
        self._store(token, FIRST, replace(first, has_second=source != ZERO))
        self._store(token, SECOND, second)

    # -- Internals ---------------------------------------------------------------------------------

    def _source(self, address: str) -> FeedModel | None:
        part = self.chain.parts.get(address)
        return part if isinstance(part, FeedModel) else None

    def _read(self, feed: Feed) -> tuple[int, bool]:
        """Price of a whole token [WAD]; a dead one is the last answer moved into the bounds."""
        source = self._source(feed.source)
        if source is None or source.is_down or source.answer <= 0:
            return to_wad(feed.highest, feed.decimals), False
        believed = clamp(source.answer, feed.lowest, feed.highest)
        is_fresh = 0 < source.updated_at <= MAX_TIME
        is_fresh = is_fresh and source.updated_at + feed.heartbeat >= self.now
        return to_wad(believed, feed.decimals), source.answer == believed and is_fresh

    def _is_sequencer_up(self) -> bool:
        if self.sequencer == ZERO:
            return True
        source = self._source(self.sequencer)
        if source is None or source.is_down or source.answer != 0 or source.started_at == 0:
            return False
        return source.started_at <= self.now and self.now - source.started_at > self.grace

    def _checked(self, source: str, heartbeat: int, lowest: int, highest: int) -> Feed:
        decimals = cast(FeedModel, self.chain.parts[source]).decimals
        check(0 < heartbeat <= MAX_TIME, "oracle: heartbeat out of range")
        check(decimals <= MAX_DECIMALS, "oracle: too many decimals")
        check(lowest < highest, "oracle: empty bounds")
        check(to_wad(lowest, decimals) > 0, "oracle: lowest price is zero")
        check(to_wad(highest, decimals) <= MAX_PRICE, "oracle: highest price too high")
        return Feed(source, heartbeat, decimals, False, lowest, highest, self.now)

    def _check_continuity(self, old: Feed, new: Feed) -> None:
        if old.source == ZERO:
            return
        check(self.now >= old.set_at + self.notice, "oracle: replaced too recently")
        old_price, old_live = self._read(old)
        new_price, new_live = self._read(new)
        if old_live:
            check(new_live, "oracle: replacement is dead")
            check(is_near(new_price, old_price), "oracle: price jumps above 5 %")

    def _store(self, token: str, rank: int, feed: Feed) -> None:
        pack(feed.lowest, feed.highest)
        self._feeds[token, rank] = feed
