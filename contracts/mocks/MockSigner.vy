# pragma version 0.4.3
"""
@title Mock Signer
@license AGPL-3.0-only
@author The Ringfence authors
@notice Account of code that takes what its owner's key signed as its own signature (ERC-1271).
"""

IS_VALID: constant(bytes4) = 0x1626ba7e

owner: public(address)


@deploy
def __init__(owner: address):
    self.owner = owner


@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[65]) -> bytes4:
    r: uint256 = convert(slice(signature, 0, 32), uint256)
    s: uint256 = convert(slice(signature, 32, 32), uint256)
    v: uint256 = convert(slice(signature, 64, 1), uint256)
    if ecrecover(digest, v, r, s) == self.owner:
        return IS_VALID
    return 0xffffffff
