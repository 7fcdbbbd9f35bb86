"""A whole market without a chain: pool, fund, oracle, engine, factory, vaults, tokens and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from ringfence.model.chain import ZERO, Chain, TokenModel
from ringfence.model.engine import MarginEngineModel
from ringfence.model.engine_rules import LiquidationTerms
from ringfence.model.factory import Label, VaultFactoryModel
from ringfence.model.fund import InsuranceFundModel
from ringfence.model.oracle import FeedModel, GivenPrices, OracleModel
from ringfence.model.pool import PoolModel, PoolTerms
from ringfence.model.rates import RateModel
from ringfence.model.vault import VaultModel


@dataclass(frozen=True)
class Addresses:
    """Where the parts of a market and its officers are; a test may give those of a chain."""

    asset: str = "asset"
    factory: str = "factory"
    pool: str = "pool"
    fund: str = "fund"
    engine: str = "engine"
    oracle: str = "oracle"
    owner: str = "owner"
    risk_admin: str = "risk_admin"
    guardian: str = "guardian"
    compliance_officer: str = "compliance_officer"
    treasury: str = "treasury"


@dataclass(frozen=True)
class MarketTerms:
    """What a market is deployed with."""

    pool: PoolTerms
    liquidation: LiquidationTerms
    rate_model: RateModel
    asset_decimals: int
    is_asset_quote: bool = True  # the credit asset is the quote currency and needs no feed


class MarketModel:
    """One market, deployed as `ringfence.deployment` does it.

    With `prices` the oracle is told its prices; without, `oracle` reads feeds as the contract does.
    Markets may share a `chain`, and on it tokens and feeds.
    """

    def __init__(
        self,
        now: int,
        terms: MarketTerms,
        addresses: Addresses | None = None,
        prices: GivenPrices | None = None,
        chain: Chain | None = None,
    ) -> None:
        at = addresses or Addresses()
        notice = terms.pool.notice
        self.addresses = at
        self.chain = chain or Chain(now)
        if at.asset not in self.chain.parts:
            TokenModel(self.chain, at.asset, terms.asset_decimals)
        self.asset = cast(TokenModel, self.chain.parts[at.asset])
        self.factory = VaultFactoryModel(self.chain, at.factory, at.owner)
        self.pool = PoolModel(
            self.chain,
            at.pool,
            self.asset,
            terms.rate_model,
            self.factory,
            at.fund,
            at.treasury,
            terms.pool,
        )
        self.fund = InsuranceFundModel(self.chain, at.fund, self.pool, notice)
        self.oracle = OracleModel(
            self.chain,
            at.oracle,
            at.risk_admin,
            notice,
            at.asset if terms.is_asset_quote else ZERO,
        )
        self.engine = MarginEngineModel(
            self.chain, at.engine, prices or self.oracle, self.pool, notice, terms.liquidation
        )
        self.pool.fund = self.fund
        self.factory.engine = self.engine
        self.factory.set_risk_admin(at.risk_admin, sender=at.owner)
        self.factory.set_guardian(at.guardian, sender=at.owner)
        self.factory.set_compliance_officer(at.compliance_officer, sender=at.owner)

    @property
    def now(self) -> int:
        """Time of the block [unix s]."""
        return self.chain.now

    @now.setter
    def now(self, now: int) -> None:
        self.chain.now = now

    @property
    def vaults(self) -> dict[str, VaultModel]:
        """Vaults by address, in the order of their ids."""
        return self.factory.vaults

    def add_token(self, address: str, decimals: int) -> TokenModel:
        """Deploy a token."""
        return TokenModel(self.chain, address, decimals)

    def add_feed(self, address: str, decimals: int, answer: int) -> FeedModel:
        """Deploy a price feed."""
        return FeedModel(self.chain, address, decimals, answer)

    def open_vault(self, owner: str, label: Label, vault: str) -> VaultModel:
        """Open a client vault at a given address."""
        return self.factory.open_vault(owner, label, vault=vault, sender=owner)

    def save(self) -> dict[str, dict[str, Any]]:
        """Copy the storage of every contract, for `load`."""
        return self.chain.save()

    def load(self, saved: dict[str, dict[str, Any]]) -> None:
        """Put saved storage back."""
        self.chain.load(saved)
