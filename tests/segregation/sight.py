"""What there is to see of many vaults, read from the chain with few calls."""

from __future__ import annotations

from dataclasses import dataclass

from eth_abi import decode
from eth_utils import to_checksum_address

from tests.steps import ZERO

AT_ONCE = 32  # vaults, as many as the observer takes
WHOSE = ("owner", "pending_owner", "hold_until", "collaterals")
MARGIN = (
    *("uint256", "uint256", "int256", "int256", "uint256", "uint256"),
    *("int256", "int256", "int256", "uint256", "address"),
)


@dataclass(frozen=True)
class Sight:
    """A vault as it is after a block."""

    address: str
    owner: str
    candidate: str | None  # to whom it is offered
    is_held: bool  # by the compliance officer
    enabled: tuple[str, ...]  # tokens
    holds: dict[str, int]  # [token] by token
    worth: int  # [WAD] of its collateral
    health: int  # [WAD]
    available: int  # [WAD]
    debt: int  # [asset]


def look(node, observer, engine, tokens, vaults):
    """Return the sights of vaults, by address."""
    found = {}
    for first in range(0, len(vaults), AT_ONCE):
        for it in _some(node, observer, engine, tokens, vaults[first : first + AT_ONCE]):
            found[it.address] = it
    return found


def _some(node, observer, engine, tokens, vaults):
    addresses = [it.address for it in vaults]
    of_tokens = [tokens[0].payload("balanceOf", it) for it in addresses]
    of_engine = [engine.payload("margin_of", it) for it in addresses]
    groups = [
        (addresses, [vaults[0].payload(it) for it in WHOSE]),
        ([it.address for it in tokens], of_tokens),
        ([engine.address], of_engine),
    ]
    told = node.call(observer.address, observer.payload("census", groups))
    _, answers = decode(["uint256", "bytes[]"], told)
    count, whose = len(vaults), len(WHOSE) * len(vaults)
    for place, vault in enumerate(addresses):
        balances = answers[whose + place : whose + len(tokens) * count : count]
        yield _sight(
            vault,
            answers[place * len(WHOSE) : (place + 1) * len(WHOSE)],
            {it.address: int.from_bytes(told) for it, told in zip(tokens, balances, strict=True)},
            decode(MARGIN, answers[whose + len(tokens) * count + place]),
        )


def _sight(vault, whose, holds, margin):
    owner, candidate, until, enabled = whose
    return Sight(
        address=vault,
        owner=_address(owner),
        candidate=None if _address(candidate) == ZERO else _address(candidate),
        is_held=int.from_bytes(until) > 0,
        enabled=tuple(map(to_checksum_address, decode(["address[]"], enabled)[0])),
        holds=holds,
        worth=margin[0],
        health=margin[5],
        available=margin[6],
        debt=margin[9],
    )


def _address(word):
    return to_checksum_address(word[-20:])
