# pragma version 0.4.3
"""
@title Mock Rate Model
@license AGPL-3.0-only
@author The Ringfence authors
@notice Rate model that returns what it is told, or fails on request.
"""

REVERTS: constant(uint256) = 1
BURNS_GAS: constant(uint256) = 2
ANSWERS_SHORT: constant(uint256) = 4

rate: public(uint256)
quirks: public(uint256)  # sum of the constants above


@external
def set_rate(rate: uint256):
    self.rate = rate


@external
def set_quirks(quirks: uint256):
    self.quirks = quirks


@external
@view
@raw_return
def borrow_rate(cash: uint256, debt: uint256) -> Bytes[32]:
    assert self.quirks & REVERTS == 0, "rates: down"
    if self.quirks & BURNS_GAS != 0:
        for _: uint256 in range(1_000_000):
            assert keccak256(abi_encode(cash, debt)) != empty(bytes32)
    if self.quirks & ANSWERS_SHORT != 0:
        return slice(abi_encode(self.rate), 0, 31)
    return abi_encode(self.rate)
