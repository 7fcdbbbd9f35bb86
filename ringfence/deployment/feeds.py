"""Whether a feed that stands already can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eth_abi.abi import decode

from ringfence.terms import feed_bounds

if TYPE_CHECKING:
    from ringfence.config import Feed

LATEST_ROUND_DATA = "0xfeaf968c"  # selector of latestRoundData()
FEED_ROUND = ("uint80", "int256", "uint256", "uint256", "uint80")


def is_live(provider: Any, address: str, feed: Feed) -> bool:
    """Ask a feed that stands already whether its answer is believable and fresh."""
    call = {"to": address, "data": LATEST_ROUND_DATA}
    answer, _, updated_at = decode(FEED_ROUND, provider.web3.eth.call(call))[1:4]
    lowest, highest = feed_bounds(feed)
    age = provider.get_block("latest").timestamp - updated_at
    return bool(lowest <= answer <= highest and age <= feed.heartbeat)


def dead_feed(symbol: str) -> str:
    """Say that a price is dead, and what to do about it."""
    return (
        f"the price of {symbol} is dead: its feed is stale, outside the bounds of the"
        " configuration, or the sequencer is down; look at the feed and deploy again"
    )
