"""Pytest fixtures for contracts and strategies that stand on a vault.

Pytest finds them wherever the package is installed. They need a local chain of Ape's (`pytest
--network ethereum:local:test`, or `:foundry`) and take its last three test accounts for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ape.api import AccountAPI

    from ringfence.config import MarketConfig
    from ringfence.market import Market
    from ringfence.testing.people import Liquidator, Number
    from ringfence.testing.prices import Prices
    from ringfence.vault import Vault

LENT = 10_000_000  # [asset] in the pool
HOUSE, LENDER, LIQUIDATOR = -1, -2, -3  # among the test accounts


# -- The market ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def ringfence_config() -> MarketConfig:
    """The market to be deployed: that of "demo". A fixture of yours with this name and the scope of
    a session gives another, of mock tokens and feeds.
    """
    from ringfence.config import MarketConfig

    return MarketConfig.load("demo")


@pytest.fixture(scope="session")
def ringfence_house(accounts: Any) -> AccountAPI:
    """Who deploys the market, owns it, fills every office in it and moves its prices."""
    if len(accounts) <= -LIQUIDATOR:
        pytest.fail(
            f"{len(accounts)} test accounts are too few: the market takes three for itself; set"
            " test: number_of_accounts: 10 in ape-config.yaml"
        )
    return accounts[HOUSE]


@pytest.fixture(scope="session")
def ringfence_market(
    accounts: Any, ringfence_config: MarketConfig, ringfence_house: AccountAPI
) -> Market:
    """A market of mock tokens and feeds, with ten million of its asset to lend."""
    from ape.logging import LogLevel, logger

    from ringfence.carried import contracts
    from ringfence.config import Roles
    from ringfence.deployment import deploy_market
    from ringfence.testing.people import lend
    from ringfence.testing.reverts import keep_reasons

    keep_reasons()
    config = replace(ringfence_config, roles=Roles())
    with logger.at_level(LogLevel.WARNING):
        market = deploy_market(contracts(), ringfence_house, config)
        lend(market, accounts[LENDER], LENT)
    return market


@pytest.fixture(scope="session")
def open_vault(
    accounts: Any, ringfence_market: Market, ringfence_house: AccountAPI
) -> Callable[..., Vault]:
    """open_vault(owner, label, {"WETH": 10}, debt=5_000) opens a client vault, and returns it.

    What it shall hold is minted and deposited: by its owner, if that is an account, which then
    counts as collateral and can be borrowed against; by the house, if that is a contract, which
    enables collateral and borrows by itself.
    """
    from ringfence.testing.people import check_owner, decimal, fill
    from ringfence.vault import Vault

    taken = [accounts[it] for it in (HOUSE, LENDER, LIQUIDATOR)]

    def act(
        owner: Any,
        label: str = "vault",
        holds: Mapping[str, Number] | None = None,
        debt: Number | None = None,
    ) -> Vault:
        is_account = hasattr(owner, "sign_transaction")
        check_owner(owner, is_account, debt, taken)
        vault = Vault.open(ringfence_market, owner, label, ringfence_house)
        fill(vault, holds or {}, owner if is_account else ringfence_house)
        if debt is not None:
            vault.borrow(decimal(debt), owner)
        return vault

    return act


# -- What happens ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def ringfence_prices(ringfence_market: Market, ringfence_house: AccountAPI) -> Prices:
    """The prices of the market."""
    from ringfence.testing.prices import Prices

    return Prices(ringfence_market, ringfence_house)


@pytest.fixture(scope="session")
def set_price(ringfence_prices: Prices) -> Callable[[str, Number], None]:
    """set_price("WETH", "1,850.5") sets what a feed says, as of now. [quote currency]"""
    return ringfence_prices.set


@pytest.fixture(scope="session")
def crash(ringfence_prices: Prices) -> Callable[[str, str], Any]:
    """crash("WETH", "30 %") lets a price fall, and returns it. [quote currency]"""
    return ringfence_prices.crash


@pytest.fixture(scope="session")
def wait(ringfence_prices: Prices) -> Callable[[str], None]:
    """wait("3 days") lets time pass while the feeds stay alive."""
    return ringfence_prices.wait


@pytest.fixture(scope="session")
def liquidator(accounts: Any, ringfence_market: Market) -> Liquidator:
    """liquidator.liquidate(vault) does what liquidators do, with all the money that it takes."""
    from ringfence.testing.people import Liquidator

    return Liquidator(ringfence_market, accounts[LIQUIDATOR])
