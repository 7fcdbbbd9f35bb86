"""Signatures under a report (EIP-712): of a key, or as a contract takes them (ERC-1271)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils.crypto import keccak
from web3.exceptions import Web3Exception

from ringfence.exceptions import RingfenceError
from ringfence.segregation.checks import PASS, Check
from ringfence.segregation.form import hash_of

if TYPE_CHECKING:
    from ape.api import ProviderAPI

Json = dict[str, Any]
ID, TITLE = "signature", "The report is as it was signed"
KEY, CONTRACT = "key", "contract"
TYPES = {
    "SegregationReport": [
        {"name": "reportHash", "type": "bytes32"},
        {"name": "stateRoot", "type": "bytes32"},
        {"name": "blockNumber", "type": "uint256"},
        {"name": "number", "type": "uint256"},
        {"name": "signer", "type": "address"},
    ]
}
IS_VALID_SIGNATURE = bytes.fromhex("1626ba7e")  # isValidSignature(bytes32,bytes), and its yes


def message_of(report: Json, signer: str) -> SignableMessage:
    """Return what is signed: the hash of a report, for one factory on one chain, by whom."""
    market, block = report["market"], report["block"]
    domain = {
        "name": "Ringfence segregation report",
        "version": "1",
        "chainId": market["chain_id"],
        "verifyingContract": market["contracts"]["factory"],
    }
    data = {
        "reportHash": bytes.fromhex(hash_of(report)[2:]),
        "stateRoot": bytes.fromhex(block["state_root"][2:]),
        "blockNumber": block["number"],
        "number": report["number"],
        "signer": signer,
    }
    return encode_typed_data(domain, TYPES, data)


def digest_of(report: Json, signer: str) -> bytes:
    """Return the 32 bytes that a key signs."""
    message = message_of(report, signer)
    return keccak(b"\x19" + message.version + message.header + message.body)


def signed(report: Json, account: Any, contract: str | None = None) -> Json:
    """Return a report with the signature of an account, for itself or for a contract.

    :raises RingfenceError: if the account does not sign.
    """
    signer = contract or str(account.address)
    made = account.sign_message(message_of(report, signer))
    if made is None:
        raise RingfenceError(f"{account.address} did not sign")
    return with_signature(report, made.encode_rsv(), signer, KEY if contract is None else CONTRACT)


def with_signature(report: Json, signature: bytes, signer: str, kind: str) -> Json:
    """Return a report with a signature of a kind, made here or elsewhere."""
    told = {"signer": signer, "kind": kind, "signature": "0x" + signature.hex()}
    return report | {"signature": told}


def check_signature(report: Json, provider: ProviderAPI | None, expected: str | None) -> Check:
    """Look whether a report is signed by who it says, and by who is expected.

    :param provider: of a node that asks a contract; None without one.
    """
    told = report["signature"]
    if told is None:
        if expected is None:
            return Check(ID, "Nobody has signed the report", PASS, "and nobody had to")
        return Check.of(ID, TITLE, "", [f"the report is not signed, by {expected} or anybody"])
    signer = told["signer"]
    if expected is not None and signer != expected:
        return Check.of(ID, TITLE, "", [f"signed by {signer}, not by {expected}"])
    raw = bytes.fromhex(told["signature"][2:])
    if told["kind"] == CONTRACT:
        if provider is None:
            return Check.skipped(ID, TITLE, f"only a node can ask contract {signer}")
        is_valid = _is_approved(provider, signer, digest_of(report, signer), raw)
    else:
        is_valid = _recovered(report, signer, raw) == signer
    faults = [] if is_valid else [f"this is not what {signer} signed"]
    return Check.of(ID, TITLE, f"signed by {told['kind']} {signer}", faults)


def _recovered(report: Json, signer: str, signature: bytes) -> str | None:
    try:
        return str(Account.recover_message(message_of(report, signer), signature=signature))
    except Exception:  # whatever a library makes of bytes that are no signature
        return None


def _is_approved(provider: ProviderAPI, contract: str, digest: bytes, signature: bytes) -> bool:
    """Ask a contract whether a signature is good to it."""
    words = digest + (64).to_bytes(32) + len(signature).to_bytes(32)
    padded = signature + bytes(-len(signature) % 32)
    web3: Any = provider.web3
    try:
        call = {"to": contract, "data": IS_VALID_SIGNATURE + words + padded}
        answer = bytes(web3.eth.call(call, "latest"))
    except (Web3Exception, ValueError):
        return False
    return answer[:4] == IS_VALID_SIGNATURE and not any(answer[4:32])
