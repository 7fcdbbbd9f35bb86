# pragma version 0.4.3
"""
@title Mock Feed
@license AGPL-3.0-only
@author The Ringfence authors
@notice AggregatorV3 feed whose answer anyone may set, and that fails on request.
"""

REVERTS: constant(uint256) = 1
BURNS_GAS: constant(uint256) = 2
ANSWERS_SHORT: constant(uint256) = 4
LACKS_A_BYTE: constant(uint256) = 8

decimals: public(uint8)
answer: public(int256)
started_at: public(uint256)
updated_at: public(uint256)
quirks: public(uint256)  # sum of the constants above


@deploy
def __init__(decimals: uint8, answer: int256):
    self.decimals = decimals
    self.answer = answer
    self.started_at = block.timestamp
    self.updated_at = block.timestamp


@external
def set_answer(answer: int256):
    """
    @notice Answer this from now on, as updated now.
    """
    self.answer = answer
    self.updated_at = block.timestamp


@external
def set_times(started_at: uint256, updated_at: uint256):
    self.started_at = started_at
    self.updated_at = updated_at


@external
def set_quirks(quirks: uint256):
    self.quirks = quirks


@external
@view
@raw_return
def latestRoundData() -> Bytes[160]:
    assert self.quirks & REVERTS == 0, "feed: down"
    if self.quirks & BURNS_GAS != 0:
        for _: uint256 in range(1_000_000):
            assert keccak256(abi_encode(block.timestamp)) != empty(bytes32)
    if self.quirks & ANSWERS_SHORT != 0:
        return abi_encode(self.answer)
    round: Bytes[160] = abi_encode(
        convert(1, uint256), self.answer, self.started_at, self.updated_at, convert(1, uint256)
    )
    return slice(round, 0, 159) if self.quirks & LACKS_A_BYTE != 0 else round
