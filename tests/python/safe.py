"""A Safe 1.4.1 as it is deployed everywhere, made of the code that its makers publish on npm.

A batch is read as the Transaction Builder reads it: the calls are encoded from what signers see.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ape.contracts import ContractContainer
from eth_abi import encode
from eth_keys import keys
from eth_utils import keccak, to_bytes
from ethpm_types import ContractType

ARTIFACTS = Path("node_modules/@safe-global/safe-contracts/build/artifacts/contracts")
ZERO = "0x" + 40 * "0"
CALL, DELEGATE_CALL = 0, 1


def container(path):
    """A contract of the package, as Ape deploys it."""
    artifact = json.loads((ARTIFACTS / path).read_text())
    return ContractContainer(
        ContractType(
            contractName=artifact["contractName"],
            abi=artifact["abi"],
            deploymentBytecode={"bytecode": artifact["bytecode"]},
        )
    )


@dataclass(frozen=True)
class Safe:
    """A Safe of some owners, of whom the first two sign."""

    contract: Any
    multi_send: Any
    owners: tuple

    @property
    def address(self):
        return self.contract.address

    def run(self, path, sender):
        """Execute a file of the Transaction Builder in one transaction."""
        batch = json.loads(path.read_text())
        assert int(batch["chainId"]) == self.contract.provider.chain_id
        assert batch["meta"]["createdFromSafeAddress"] == self.address
        packed = b"".join(map(_packed, batch["transactions"]))
        data = self.multi_send.multiSend.encode_input(packed)
        return self.execute(self.multi_send.address, data, DELEGATE_CALL, sender)

    def execute(self, to, data, operation, sender):
        terms = (to, 0, data, operation, 0, 0, 0, ZERO, ZERO)
        digest = self.contract.getTransactionHash(*terms, self.contract.call_view_method("nonce"))
        signers = sorted(self.owners[:2], key=lambda it: int(it.address, 16))
        signatures = b"".join(_signed(it, digest) for it in signers)
        return self.contract.execTransaction(*terms, signatures, sender=sender)


def make_safe(deployer, owners):
    """Deploy a Safe behind its proxy, two of whose owners must sign."""
    if not ARTIFACTS.is_dir():
        pytest.skip(
            "the npm package @safe-global/safe-contracts is missing; make setup installs it"
        )
    singleton = deployer.deploy(container("SafeL2.sol/SafeL2.json"))
    factory = deployer.deploy(container("proxies/SafeProxyFactory.sol/SafeProxyFactory.json"))
    batcher = container("libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json")
    setup = singleton.setup.encode_input(
        [it.address for it in owners], 2, ZERO, b"", ZERO, ZERO, 0, ZERO
    )
    receipt = factory.createProxyWithNonce(singleton, setup, 0, sender=deployer)
    (made,) = receipt.decode_logs(factory.ProxyCreation)
    contract = container("SafeL2.sol/SafeL2.json").at(
        made.proxy, fetch_from_explorer=False, detect_proxy=False
    )
    deployer.transfer(contract, 10**18)  # the chain in this process wants gas paid in calls, too
    return Safe(contract, deployer.deploy(batcher), tuple(owners))


def _signed(account, digest):
    """A signature of the hash itself."""
    key = keys.PrivateKey(to_bytes(hexstr=account.private_key))
    signature = key.sign_msg_hash(bytes(digest))
    return (
        signature.r.to_bytes(32, "big")
        + signature.s.to_bytes(32, "big")
        + bytes([signature.v + 27])
    )


def _packed(transaction):
    """One call as MultiSend takes it."""
    data = _encoded(transaction["contractMethod"], transaction["contractInputsValues"])
    value = int(transaction["value"])
    head = bytes([CALL]) + to_bytes(hexstr=transaction["to"])
    return head + value.to_bytes(32, "big") + len(data).to_bytes(32, "big") + data


def _encoded(method, values):
    types = [_type(it) for it in method["inputs"]]
    selector = keccak(text=f"{method['name']}({','.join(types)})")[:4]
    arguments = [_parsed(it, values[it["name"]]) for it in method["inputs"]]
    return selector + encode(types, arguments)


def _type(described):
    if described["type"].startswith("tuple"):
        inner = ",".join(map(_type, described["components"]))
        return f"({inner}){described['type'].removeprefix('tuple')}"
    return described["type"]


def _parsed(described, word):
    kind = described["type"]
    if kind == "tuple":
        parts = json.loads(word)
        return [_parsed(it, part) for it, part in zip(described["components"], parts, strict=True)]
    if kind.startswith("bytes"):
        return to_bytes(hexstr=word)
    if kind == "bool":
        return word == "true"
    return int(word) if kind.startswith(("uint", "int")) else word
