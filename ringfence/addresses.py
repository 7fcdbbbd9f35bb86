"""Where the contracts of an account come to stand."""

from __future__ import annotations

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

_PROXY_MAKER = bytes.fromhex("602d3d8160093d39f3")
_PROXY_HEAD = bytes.fromhex("363d3d373d3d3d363d73")
_PROXY_TAIL = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")


def create_address(creator: str, nonce: int) -> str:
    """Predict the address of the contract that an account creates with this nonce."""
    counted = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if not (len(counted) == 1 and counted[0] < 0x80):
        counted = bytes([0x80 + len(counted)]) + counted
    payload = b"\x94" + bytes.fromhex(creator.removeprefix("0x")) + counted
    return to_checksum_address(keccak(bytes([0xC0 + len(payload)]) + payload)[12:])


def create2_address(creator: str, salt: bytes, creation_code: bytes) -> str:
    """Predict the address of the contract that a contract creates from this code (EIP-1014)."""
    made_of = bytes.fromhex(creator.removeprefix("0x")) + salt + keccak(creation_code)
    return to_checksum_address(keccak(b"\xff" + made_of)[12:])


def proxy_code(implementation: str) -> bytes:
    """Return the code of a minimal proxy as Vyper makes it (EIP-1167)."""
    target = bytes.fromhex(implementation.removeprefix("0x"))
    return _PROXY_HEAD + target + _PROXY_TAIL


def proxy_creation_code(implementation: str) -> bytes:
    """Return the code that creates a minimal proxy."""
    return _PROXY_MAKER + proxy_code(implementation)
