# pragma version 0.4.3
"""
@title Mock Feed
@license AGPL-3.0-only
@author The Ringfence authors
@notice AggregatorV3 feed whose answer anyone may set, and that fails on request.
"""

flag Quirk:
    REVERTS
    BURNS_GAS
    ANSWERS_SHORT


decimals: public(uint8)
answer: public(int256)
started_at: public(uint256)
updated_at: public(uint256)
quirks: public(Quirk)


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
def set_quirks(quirks: Quirk):
    self.quirks = quirks


@view
@external
@raw_return
def latestRoundData() -> Bytes[160]:
    assert Quirk.REVERTS not in self.quirks, "feed: down"
    if Quirk.BURNS_GAS in self.quirks:
        for _: uint256 in range(1_000_000):
            assert keccak256(abi_encode(block.timestamp)) != empty(bytes32)
    if Quirk.ANSWERS_SHORT in self.quirks:
        return abi_encode(self.answer)
    return abi_encode(
        convert(1, uint256), self.answer, self.started_at, self.updated_at, convert(1, uint256)
    )
