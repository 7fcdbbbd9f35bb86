"""Segregated margin vaults: deploy a market, open vaults in it, drive them.

The names below are loaded when they are asked for: `ringfence.model` needs no Ape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.lazily import names_of

if TYPE_CHECKING:
    from ringfence.carried import contracts
    from ringfence.config import MarketConfig
    from ringfence.deployment import deploy_market
    from ringfence.exceptions import Refused, RingfenceError
    from ringfence.market import Market
    from ringfence.pool import Pool
    from ringfence.registry import find_vault, margins, openings
    from ringfence.vault import Vault

_HOMES = {
    "Market": "market",
    "MarketConfig": "config",
    "Pool": "pool",
    "Refused": "exceptions",
    "RingfenceError": "exceptions",
    "Vault": "vault",
    "contracts": "carried",
    "deploy_market": "deployment",
    "find_vault": "registry",
    "margins": "registry",
    "openings": "registry",
}

__all__ = [
    "Market",
    "MarketConfig",
    "Pool",
    "Refused",
    "RingfenceError",
    "Vault",
    "contracts",
    "deploy_market",
    "find_vault",
    "margins",
    "openings",
]

__getattr__ = names_of(__name__, _HOMES)
