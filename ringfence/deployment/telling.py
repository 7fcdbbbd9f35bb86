"""A plan and what was found, in lines for people and as facts for programs: pure, no chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ringfence.deployment.check import Finding
from ringfence.deployment.plan import Plan
from ringfence.units import format_number

GWEI = 10**9  # [wei]


@dataclass(frozen=True)
class Rehearsed:
    """A plan with what it would cost."""

    plan: Plan
    gas: Mapping[str, int]  # of each step by its name
    gas_price: int  # [wei] of the chain at present

    @property
    def steps(self) -> list[str]:
        """Names of all transactions, in their order."""
        return [it.name for it in self.plan.creations] + [it.name for it in self.plan.calls]

    @property
    def total(self) -> int:
        """Gas of all of them."""
        return sum(self.gas[step] for step in self.steps)

    @property
    def cost(self) -> Decimal:
        """What they would cost, in whole native coins."""
        return Decimal(self.total * self.gas_price).scaleb(-18)


def plan_lines(rehearsed: Rehearsed, names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say everything that a deployment would do, and what it would cost.

    :param names: names of the constructor's arguments by contract type.
    """
    plan, gas = rehearsed.plan, rehearsed.gas
    yield f"deployer {plan.deployer}, nonces from {plan.first_nonce}"
    for found in plan.standing:
        yield f"{found.name} stands at {found.address}"
    for creation in plan.creations:
        spent = format_number(Decimal(gas[creation.name]))
        yield f"{creation.name}: {creation.contract} at {creation.address}, {spent} gas"
        for name, value in zip(names[creation.contract], creation.args, strict=True):
            yield from (f"    {line}" for line in _argument_lines(name, value))
    for call in plan.calls:
        args = ", ".join(map(str, call.args))
        yield f"{call.name}: ({args}), {format_number(Decimal(gas[call.name]))} gas"
    yield from _role_lines(plan)
    yield (
        f"in all {len(rehearsed.steps)} transactions,"
        f" {format_number(Decimal(rehearsed.total))} gas; {format_number(rehearsed.cost)} ETH"
        f" at {format_number(Decimal(rehearsed.gas_price) / GWEI)} gwei"
    )


def plan_facts(rehearsed: Rehearsed, names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Say the same to programs."""
    plan, gas = rehearsed.plan, rehearsed.gas
    return {
        "deployer": plan.deployer,
        "first_nonce": plan.first_nonce,
        "standing": {it.name: it.address for it in plan.standing},
        "creations": [
            {
                "name": it.name,
                "contract": it.contract,
                "address": it.address,
                "arguments": dict(zip(names[it.contract], it.args, strict=True)),
                "gas": gas[it.name],
            }
            for it in plan.creations
        ],
        "calls": [
            {
                "name": it.name,
                "to": plan.at[it.part],
                "from": it.sender,
                "method": it.method,
                "arguments": list(it.args),
                "gas": gas[it.name],
            }
            for it in plan.calls
        ],
        "roles": dict(plan.roles),
        "transactions": len(rehearsed.steps),
        "gas": rehearsed.total,
        "gas_price": rehearsed.gas_price,
        "cost": rehearsed.cost,
    }


def finding_lines(found: Iterable[Finding]) -> Iterator[str]:
    """Say what is not as expected; nothing if all is."""
    for it in found:
        if not it.is_as_expected:
            yield f"{it.what} is {it.found}, not {it.expected}"


def _argument_lines(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield f"{name}.{key} = {part}"
    else:
        yield f"{name} = {value}"


def _role_lines(plan: Plan) -> Iterator[str]:
    accepted = {call.part for call in plan.calls if call.method == "accept_ownership"}
    for role, address in plan.roles.items():
        part = {"owner": "factory", "risk_admin": "oracle"}.get(role)
        is_offered = part and address != plan.deployer and part not in accepted
        more = f"; is offered the {part} and must call accept_ownership()" if is_offered else ""
        yield f"{role} {address}{more}"
