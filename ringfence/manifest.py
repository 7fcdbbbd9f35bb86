"""The record of a deployment: what stands where, made of what, and by which transaction."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ringfence.addresses import create_address
from ringfence.exceptions import ManifestError
from ringfence.whole import put

VERSION = 4


@dataclass(frozen=True)
class Deployed:
    """One contract of a market."""

    name: str  # what the market calls it: "oracle", "token.WETH", "feed.WETH"
    contract: str  # name of the contract type
    address: str
    args: tuple[str, ...]  # of the constructor, as text
    block: int  # 0 if it stood before
    tx_hash: str  # empty if it stood before
    code_hash: str  # keccak256 of the code at the address


@dataclass(frozen=True)
class Manifest:
    """Everything needed to find a market again and to check that it is the one meant."""

    market: str
    quote: str  # currency of all values
    chain_id: int
    genesis: str  # hash of the first block of the chain: others may have its id
    config_hash: str
    deployer: str
    first_nonce: int  # of the deployer's transactions
    compiler: str
    commit: str  # of the sources; empty if they are not kept in git
    sources: str  # hash of sources, settings and libraries
    is_complete: bool  # nothing of the deployment is left to be done
    contracts: tuple[Deployed, ...]
    node: str = ""  # address of the local node that keeps it; empty in process and on live chains
    version: int = VERSION

    @property
    def first_address(self) -> str:
        """Where the first contract that the deployment makes comes to stand."""
        return create_address(self.deployer, self.first_nonce)

    def address_of(self, name: str) -> str:
        """Return the address of a part of the market; raises as `part` does."""
        return self.part(name).address

    def part(self, name: str) -> Deployed:
        """Return a part of the market.

        :raises ManifestError: if the market has no such part.
        """
        for contract in self.contracts:
            if contract.name == name:
                return contract
        raise ManifestError(f"manifest of {self.market} names no {name}; deploy the market again")

    def has(self, name: str) -> bool:
        """Tell whether a part of the market is noted."""
        return any(contract.name == name for contract in self.contracts)

    def named(self, kind: str) -> dict[str, str]:
        """Return the addresses of all parts of a kind, "token" or "feed", by symbol."""
        prefix = f"{kind}."
        return {
            contract.name.removeprefix(prefix): contract.address
            for contract in self.contracts
            if contract.name.startswith(prefix)
        }

    def write(self, folder: Path) -> Path:
        """Write the manifest to `<folder>/<chain id>/<market>.json`, all of it or nothing."""
        path = manifest_path(folder, self.chain_id, self.market)
        put(path, (json.dumps(asdict(self), indent=2) + "\n").encode())
        return path

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read a manifest.

        :raises ManifestError: if there is none, or it cannot be one.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            version = content.pop("version")
            parts = [
                Deployed(**(part | {"args": tuple(part["args"])}))
                for part in content.pop("contracts")
            ]
            manifest = cls(contracts=tuple(parts), version=version, **content)
        except FileNotFoundError:
            raise ManifestError(f"{path} is missing; deploy the market first") from None
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ManifestError(f"{path} is no manifest: {error}") from None
        if manifest.version != VERSION:
            raise ManifestError(f"{path} has version {version}, not {VERSION}")
        return manifest


def manifest_path(folder: Path, chain_id: int, market: str) -> Path:
    """Return where the manifest of a market belongs."""
    return folder / str(chain_id) / f"{market}.json"


def manifests_on(folder: Path, chain_id: int) -> list[Path]:
    """Return the manifests of all markets deployed on a chain, by name."""
    return sorted((folder / str(chain_id)).glob("*.json"))
