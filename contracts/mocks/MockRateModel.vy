# pragma version 0.4.3
"""
@title Mock Rate Model
@license AGPL-3.0-only
@author The Ringfence authors
@notice Rate model that returns what it is told, or fails on request.
"""

flag Quirk:
    REVERTS
    BURNS_GAS
    ANSWERS_SHORT


rate: public(uint256)
quirks: public(Quirk)


@external
def set_rate(rate: uint256):
    self.rate = rate


@external
def set_quirks(quirks: Quirk):
    self.quirks = quirks


@view
@external
@raw_return
def borrow_rate(cash: uint256, debt: uint256) -> Bytes[32]:
    assert Quirk.REVERTS not in self.quirks, "rates: down"
    if Quirk.BURNS_GAS in self.quirks:
        for _: uint256 in range(1_000_000):
            assert keccak256(abi_encode(cash, debt)) != empty(bytes32)
    if Quirk.ANSWERS_SHORT in self.quirks:
        return b"\x01"
    return abi_encode(self.rate)
