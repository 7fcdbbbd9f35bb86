"""Every function that not everybody may call, tried by everybody who may not."""

from dataclasses import dataclass

import ape
import pytest

from tests.steps import DAY, USDC, WETH

ROLES = ("owner", "neighbour", "house", "risk_admin", "guardian", "officer", "treasury", "lender",
         "liquidator", "outsider")  # fmt: skip
NOTHING = b""
OPEN = {
    "Vault": {"deposit", "repay", "liquidate", "realise_loss"},
    "VaultFactory": {"open_vault"},
    "CreditPool": {"deposit", "mint", "withdraw", "redeem", "transfer", "transferFrom", "approve",
                   "permit", "accrue", "collect"},
    "MarginEngine": set(),
    "ChainlinkOracle": set(),
    "InsuranceFund": set(),
    "MarginLens": set(),
    "KinkedRateModel": set(),
}  # fmt: skip


@dataclass(frozen=True)
class Gate:
    """A function, who alone passes it, and what it tells all others."""

    contract: str
    method: str
    may: str | None  # a role; None if only another contract may
    reason: str
    args: tuple = ()

    def __str__(self):
        return f"{self.contract}.{self.method}"


TERMS = (5 * 10**16, 10**17, 9 * 10**17, 11 * 10**17, 2 * 10**17, 10**18)
LISTING = ("weth", 8 * 10**17, 85 * 10**16, 2**256 - 1)
FEED = ("weth", "weth", 3_600, 1, 2)
GATES = [
    *(
        Gate("Vault", method, "owner", "vault: not the owner", args)
        for method, args in (
            ("enable_collateral", ("weth",)),
            ("disable_collateral", ("weth",)),
            ("withdraw", ("weth", WETH, "outsider")),
            ("borrow", (USDC, "outsider")),
            ("repay_from_vault", (USDC,)),
            ("transfer_ownership", ("outsider",)),
        )
    ),
    Gate("Vault", "accept_ownership", None, "vault: not the candidate"),
    Gate("Vault", "initialize", None, "vault: not the factory", ("outsider", 1)),
    Gate("Vault", "place_hold", "officer", "vault: not the officer", (bytes(32), DAY)),
    Gate("Vault", "release_hold", "officer", "vault: not the officer"),
    *(
        Gate("VaultFactory", method, "house", "ownership: not the owner", args)
        for method, args in (
            ("open_house_vault", (bytes(32),)),
            ("set_risk_admin", ("outsider",)),
            ("set_guardian", ("outsider",)),
            ("set_compliance_officer", ("outsider",)),
            ("transfer_ownership", ("outsider",)),
        )
    ),
    Gate("VaultFactory", "accept_ownership", None, "ownership: not the candidate"),
    Gate("CreditPool", "borrow", None, "pool: not a vault", (USDC, "outsider", 0)),
    Gate("CreditPool", "repay", None, "pool: not a vault", (USDC, USDC)),
    Gate("CreditPool", "settle", None, "pool: not a vault", (0, 0, USDC, USDC)),
    Gate("CreditPool", "pause", "guardian", "pool: not the guardian", (1, DAY)),
    *(
        Gate("CreditPool", method, "risk_admin", "pool: not the risk admin", args)
        for method, args in (
            ("lower_pause", (0,)),
            ("resume_borrowing", ()),
            ("announce", (NOTHING,)),
            ("cancel", (NOTHING,)),
            ("set_caps", (0, 0)),
            ("set_debt_limits", (1, 1)),
        )
    ),
    *(
        Gate("MarginEngine", method, "risk_admin", "engine: not the risk admin", args)
        for method, args in (
            ("announce", (NOTHING,)),
            ("cancel", (NOTHING,)),
            ("list_token", LISTING),
            ("delist_token", ("weth",)),
            ("set_initial_ltv", ("weth", 0)),
            ("raise_maintenance_ltv", ("weth", 86 * 10**16)),
            ("ramp_maintenance_ltv", ("weth", 0, 2**31)),
            ("set_token_cap", ("weth", 0)),
            ("set_liquidation_terms", (TERMS,)),
        )
    ),
    *(
        Gate("ChainlinkOracle", method, "risk_admin", "ownership: not the owner", args)
        for method, args in (
            ("announce", (NOTHING,)),
            ("cancel", (NOTHING,)),
            ("set_feed", FEED),
            ("set_second_feed", FEED),
            ("transfer_ownership", ("outsider",)),
        )
    ),
    Gate("ChainlinkOracle", "accept_ownership", None, "ownership: not the candidate"),
    *(
        Gate("InsuranceFund", method, "house", "fund: not the owner", args)
        for method, args in (
            ("announce", (NOTHING,)),
            ("cancel", (NOTHING,)),
            ("withdraw", ("usdc", 1, "outsider")),
        )
    ),
    Gate("InsuranceFund", "cover", None, "fund: not the pool", (USDC,)),
]


@pytest.fixture
def contracts(market, vault):
    return {
        "Vault": vault, "VaultFactory": market.factory, "CreditPool": market.pool,
        "MarginEngine": market.engine, "ChainlinkOracle": market.oracle,
        "InsuranceFund": market.fund, "MarginLens": market.lens,
        "KinkedRateModel": market.rate_model,
    }  # fmt: skip


@pytest.fixture
def people(request):
    return {role: request.getfixturevalue(role) for role in ROLES}


@pytest.mark.parametrize("gate", GATES, ids=str)
def test_nobody_else_may(gate, contracts, people, weth, usdc):
    names = people | {"weth": weth, "usdc": usdc}
    args = [names.get(it, it) if isinstance(it, str) else it for it in gate.args]
    method = getattr(contracts[gate.contract], gate.method)
    for role, sender in people.items():
        said = _refusal(method, args, sender)
        assert (said == gate.reason) == (role != gate.may), f"{role}: {said}"


def _refusal(method, args, sender):
    """Why a call is refused; it is not made."""
    try:
        method.call(*args, sender=sender)
    except ape.exceptions.ContractLogicError as error:
        return error.revert_message
    return None


def test_every_function_is_open_or_has_a_gate(contracts):
    for name, contract in contracts.items():
        changing = {it.name for it in contract.contract_type.mutable_methods}
        gates = {gate.method for gate in GATES if gate.contract == name}

        assert changing == gates | OPEN[name], name
        assert not gates & OPEN[name], name
