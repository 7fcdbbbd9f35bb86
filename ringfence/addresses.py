"""Where the contracts of an account come to stand."""

from __future__ import annotations

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak


def create_address(creator: str, nonce: int) -> str:
    """Predict the address of the contract that an account creates with this nonce."""
    counted = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if not (len(counted) == 1 and counted[0] < 0x80):
        counted = bytes([0x80 + len(counted)]) + counted
    payload = b"\x94" + bytes.fromhex(creator.removeprefix("0x")) + counted
    return to_checksum_address(keccak(bytes([0xC0 + len(payload)]) + payload)[12:])
