"""A plan and what was found, in lines for people: pure, no chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ringfence.deployment.check import Finding
from ringfence.deployment.plan import Plan
from ringfence.units import format_number

GWEI = 10**9  # [wei]


def plan_lines(
    plan: Plan, names: Mapping[str, Sequence[str]], gas: Mapping[str, int], gas_price: int
) -> Iterator[str]:
    """Say everything that a deployment would do, and what it would cost.

    :param names: names of the constructor's arguments by contract type.
    :param gas: of each step by its name, as rehearsed.
    :param gas_price: of the chain at present. [wei]
    """
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
    steps = [it.name for it in plan.creations] + [it.name for it in plan.calls]
    total = sum(gas[step] for step in steps)
    yield (
        f"in all {len(steps)} transactions, {format_number(Decimal(total))} gas;"
        f" {format_number(Decimal(total * gas_price).scaleb(-18))} ETH"
        f" at {format_number(Decimal(gas_price) / GWEI)} gwei"
    )


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
