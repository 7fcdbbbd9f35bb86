"""Handle on a deployed market: its contracts, found by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ape.exceptions import ContractLogicError
from ape.exceptions import DecodingError as NotDecoded
from ape.utils.misc import ZERO_ADDRESS
from eth_abi.exceptions import DecodingError
from eth_utils.address import is_address, to_checksum_address

from ringfence.calls import Call
from ringfence.exceptions import AmountError, ManifestError, RingfenceError
from ringfence.manifest import Manifest
from ringfence.standing import check_chain_id, stands_on

if TYPE_CHECKING:
    from ape.api import AccountAPI, ProviderAPI
    from ape.contracts import ContractInstance

    from ringfence.config import MarketConfig

# Part of the market -> type of its contract, in the order of deployment.
PARTS = {
    "oracle": "ChainlinkOracle",
    "rate_model": "KinkedRateModel",
    "pool": "CreditPool",
    "fund": "InsuranceFund",
    "engine": "MarginEngine",
    "implementation": "Vault",
    "factory": "VaultFactory",
    "lens": "MarginLens",
}
TOKEN, FEED = "MockToken", "MockFeed"  # made by a deployment
STANDING_TOKEN, STANDING_FEED = "ERC20", "AggregatorV3"  # what stands already, in manifests
ABIS = {STANDING_TOKEN: TOKEN, STANDING_FEED: FEED}  # whose ABI holds that of the standard
LABEL_BYTES = 32
# A token has no symbol, or one that is no text.
NAMELESS = (ContractLogicError, NotDecoded, DecodingError, UnicodeDecodeError)


@dataclass(frozen=True, eq=False)
class Market:
    """The contracts of one market; `config` is None if only the manifest is known."""

    name: str
    oracle: ContractInstance
    rate_model: ContractInstance
    pool: ContractInstance
    fund: ContractInstance
    engine: ContractInstance
    implementation: ContractInstance
    factory: ContractInstance
    lens: ContractInstance
    asset: ContractInstance
    tokens: Mapping[str, ContractInstance]  # collateral by symbol
    feeds: Mapping[str, ContractInstance]  # first feeds by symbol
    project: Any  # Ape project that holds the contract types
    manifest: Manifest
    config: MarketConfig | None = None

    @classmethod
    def load(cls, project: Any, path: Path, config: MarketConfig | None = None) -> Market:
        """Return the market that a manifest describes, on the connected chain.

        :param project: Ape project that holds the contract types.
        :raises ManifestError: if the chain is another, or no such code stands there.
        """
        return cls.from_manifest(project, Manifest.read(path), config)

    @classmethod
    def from_manifest(
        cls, project: Any, manifest: Manifest, config: MarketConfig | None = None
    ) -> Market:
        """Return the market of a manifest, on the connected chain; raises as `load` does."""
        _check_chain(project, manifest)

        def at(contract: str, address: str) -> ContractInstance:
            return instance(project, contract, address)

        parts = {name: at(contract, manifest.address_of(name)) for name, contract in PARTS.items()}
        return cls(
            name=manifest.market,
            asset=at(TOKEN, manifest.address_of("asset")),
            tokens={name: at(TOKEN, it) for name, it in manifest.named("token").items()},
            feeds={name: at(FEED, it) for name, it in manifest.named("feed").items()},
            project=project,
            manifest=manifest,
            config=config,
            **parts,
        )

    def __repr__(self) -> str:
        tokens = ", ".join(self.tokens)
        return (
            f"<market {self.name} on chain {self.manifest.chain_id}: lends {self.asset_symbol}"
            f" against {tokens}; factory {self.factory.address}>"
        )

    @property
    def quote(self) -> str:
        """Currency of all values, such as "USD"."""
        return self.manifest.quote

    @property
    def provider(self) -> ProviderAPI:
        """Connection to the chain of the market."""
        return self.pool.provider

    # -- Tokens ------------------------------------------------------------------------------------

    @cached_property
    def asset_symbol(self) -> str:
        """Symbol of the credit asset: that of the record, whatever it calls itself later."""
        recorded = {str(token.address): symbol for symbol, token in self.tokens.items()}
        return recorded.get(str(self.asset.address)) or _symbol(self.asset)

    @cached_property
    def asset_decimals(self) -> int:
        """Decimals of the credit asset."""
        return int(self.asset.decimals())

    def token(self, symbol: str) -> ContractInstance:
        """Return the credit asset or a collateral token by its symbol, in any case of letters, or
        any token at all by its address.

        :raises AmountError: if the market knows no such token.
        """
        if is_address(symbol):
            return self.token_at(to_checksum_address(symbol))
        known = {self.asset_symbol: self.asset, **self.tokens}
        for name, token in known.items():
            if name.lower() == symbol.lower():
                return token
        for token in self._listed_later():
            if _symbol(token).lower() == symbol.lower():
                return token
        raise AmountError(f"the market knows no {symbol}; it knows {', '.join(known)}")

    def feed(self, symbol: str) -> ContractInstance:
        """Return the first feed of a token by its symbol, in any case of letters.

        :raises AmountError: if none was deployed with the market.
        """
        for name, feed in self.feeds.items():
            if name.lower() == symbol.lower():
                return feed
        raise AmountError(f"no feed prices {symbol}; there is one for {', '.join(self.feeds)}")

    def token_at(self, address: str) -> ContractInstance:
        """Return the token at an address, listed when the market was deployed or later."""
        for token in (self.asset, *self.tokens.values()):
            if token.address == address:
                return token
        return instance(self.project, TOKEN, address)

    def symbol_of(self, address: str) -> str:
        """Return what the market, or else the token itself, calls the token at an address."""
        for symbol, token in {self.asset_symbol: self.asset, **self.tokens}.items():
            if token.address == address:
                return symbol
        return _symbol(self.token_at(address))

    def listed(self, index: int) -> ContractInstance:
        """Return the token that the engine gave this index.

        It is asked each time: until its block is final, another chain may list another.
        """
        return self.token_at(str(self.engine.token_at(index)))

    def first_listed(self, count: int) -> list[ContractInstance]:
        """Return the tokens that the engine listed first, in the order of their listing."""
        return [self.listed(index) for index in range(count)]

    def _listed_later(self) -> Iterator[ContractInstance]:
        for index in range(len(self.tokens), self.engine.token_count()):
            yield self.listed(index)

    # -- Vaults ------------------------------------------------------------------------------------

    def vault_at(self, address: str) -> ContractInstance:
        """Return the contract of the vault at an address; whether it is one is not asked."""
        return instance(self.project, "Vault", address)

    def vault_of(self, owner: object, label: str) -> ContractInstance:
        """Return the client vault of an owner with this label, opened or not."""
        return self.vault_at(self.factory.vault_of(owner, label_bytes(label)))

    def refusal_of_opening(self, owner: object, label: str, is_house: bool) -> str | None:
        """Return the reason for which `owner` could not get a vault of this label, or None.

        A house vault is opened by its owner, who is the factory's.
        """
        factory, text = self.factory, label_bytes(label)
        if str(owner) == ZERO_ADDRESS:
            return "factory: zero owner"
        if (owner == factory.owner()) != is_house:
            return "ownership: not the owner" if is_house else "factory: open a house vault"
        vault = factory.house_vault_of(text) if is_house else factory.vault_of(owner, text)
        return "factory: vault exists" if factory.vault_id(vault) != 0 else None

    def house_vault_of(self, label: str) -> ContractInstance:
        """Return the vault with this label for the platform's own money, opened or not."""
        return self.vault_at(self.factory.house_vault_of(label_bytes(label)))

    def calls_to_open(self, label: str, owner: object | None = None) -> list[Call]:
        """Return what opens a client vault for `owner`, or without one a house vault."""
        if owner is None:
            return [Call(self.factory.open_house_vault, (label_bytes(label),))]
        return [Call(self.factory.open_vault, (owner, label_bytes(label)))]

    def open_vault(
        self, owner: object, label: str, sender: AccountAPI, **tx: Any
    ) -> ContractInstance:
        """Open a client vault for `owner` in one transaction of `sender`, and return it."""
        self.factory.open_vault(owner, label_bytes(label), sender=sender, **tx)
        return self.vault_of(owner, label)

    def open_house_vault(self, label: str, sender: AccountAPI, **tx: Any) -> ContractInstance:
        """Open a vault for the platform's own money; `sender` is the factory's owner."""
        self.factory.open_house_vault(label_bytes(label), sender=sender, **tx)
        return self.house_vault_of(label)


def label_bytes(label: str) -> bytes:
    """Return a vault's label as the contracts take it: UTF-8, filled up with zeros to 32 bytes.

    :raises RingfenceError: if it is empty or longer.
    """
    encoded = label.encode()
    if not 0 < len(encoded) <= LABEL_BYTES:
        raise RingfenceError(f'label "{label}" must have 1 to {LABEL_BYTES} bytes; choose another')
    return encoded.ljust(LABEL_BYTES, b"\0")


def label_text(label: bytes) -> str:
    """Return a vault's label as a person wrote it, safe to print."""
    return printable(bytes(label).rstrip(b"\0").decode(errors="replace"))


def printable(text: str) -> str:
    """Escape what would steer a terminal: labels and symbols are whatever strangers chose."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def instance(project: Any, contract: str, address: str) -> ContractInstance:
    """Return a contract of this project's type at an address, without asking explorers."""
    container = getattr(project, contract)
    return container.at(address, fetch_from_explorer=False, detect_proxy=False)


def _symbol(token: ContractInstance) -> str:
    """What a token calls itself, safe to print; its address if that is nothing, or no text."""
    try:
        told = printable(str(token.symbol()))
    except NAMELESS:
        told = ""
    return told or str(token.address)


def _check_chain(project: Any, manifest: Manifest) -> None:
    provider = project.provider
    check_chain_id(provider)
    if provider.chain_id != manifest.chain_id:
        raise ManifestError(
            f"manifest of {manifest.market} is of chain {manifest.chain_id}, and this is chain"
            f" {provider.chain_id}; choose the network with --network"
        )
    if not manifest.is_complete:
        raise ManifestError(
            f"the deployment of {manifest.market} is not finished; run deploy with its"
            " configuration again, and it goes on"
        )
    if not stands_on(provider.web3, manifest):
        raise ManifestError(
            f"market {manifest.market} does not stand on this chain, which may have been started"
            " anew; deploy it again"
        )
