"""Whether the market of a manifest stands: on the connected chain, or where it was deployed."""

from __future__ import annotations

from typing import Any

from eth_utils.crypto import keccak
from web3 import HTTPProvider, Web3
from web3.exceptions import Web3Exception

from ringfence.exceptions import RingfenceError
from ringfence.manifest import Manifest

PATIENCE = 2  # [s] for a node on this machine to answer


def stands_on(web3: Any, manifest: Manifest) -> bool:
    """Tell whether the market's very factory is on a chain, of whose id nothing is asked."""
    if not manifest.has("factory"):
        return False
    factory = manifest.part("factory")
    return code_hash(web3, factory.address) == factory.code_hash


def stands_at_home(manifest: Manifest) -> bool:
    """Tell whether the node through which the market was deployed still keeps it.

    Local chains have one id: which of them has the market only its node can tell.
    """
    if not manifest.node:
        return False
    home = HTTPProvider(
        manifest.node, request_kwargs={"timeout": PATIENCE}, exception_retry_configuration=None
    )
    web3 = Web3(home)
    try:
        return web3.eth.chain_id == manifest.chain_id and stands_on(web3, manifest)
    except (OSError, ValueError, Web3Exception):
        return False


def is_own_chain(provider: Any) -> bool:
    """Tell whether a chain is nobody else's, so that its money and its prices may be made up."""
    is_anvil = str(provider.web3.client_version).startswith("anvil/")
    return bool(provider.network.is_local or is_anvil)


def check_chain_id(provider: Any) -> None:
    """Refuse a node that signs for another chain than Ape does: nothing it gets would pass.

    :raises RingfenceError: naming both.
    """
    told, expected = provider.web3.eth.chain_id, provider.chain_id
    if told != expected:
        raise RingfenceError(
            f"the node is of chain {told}, and {provider.network_choice} means chain {expected};"
            f" start it with that chain id, as in anvil --chain-id {expected}"
        )


def genesis_of(provider: Any) -> str:
    """Return what tells a chain from another with its id: the hash of its first block. [hex]

    A fork has that of what it forks, and is another chain all the same.
    """
    first = "0x" + bytes(provider.web3.eth.get_block(0)["hash"]).hex()
    return f"{first} forked" if provider.network.is_fork else first


def code_hash(web3: Any, address: str, block: int | str = "latest") -> str:
    """Return the hash of the code at an address at a block, as manifests note it. [hex]"""
    return "0x" + keccak(bytes(web3.eth.get_code(address, block))).hex()
