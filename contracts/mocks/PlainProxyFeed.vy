# pragma version 0.4.3
"""
@title Plain Proxy Feed
@license AGPL-3.0-only
@author The Ringfence authors
@notice AggregatorV3 feed that passes each question on, as Chainlink's proxies do: two slots and a
        cold call in front of the feed that answers.
"""

from ..interfaces import IChainlinkFeed

PHASE_SHIFT: constant(uint256) = 64

decimals: public(constant(uint8)) = 8
_controller: address  # who decides who may ask; zero for nobody
_aggregator: IChainlinkFeed


@deploy
def __init__(aggregator: IChainlinkFeed):
    self._aggregator = aggregator


@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    assert self._controller == empty(address)  # dev: whoever asks may
    round: uint80 = 0
    answer: int256 = 0
    started_at: uint256 = 0
    updated_at: uint256 = 0
    answered_in: uint80 = 0
    (
        round, answer, started_at, updated_at, answered_in
    ) = staticcall self._aggregator.latestRoundData()
    phase: uint80 = convert(1 << PHASE_SHIFT, uint80)
    return phase | round, answer, started_at, updated_at, phase | answered_in
