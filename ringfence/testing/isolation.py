"""Whether what happened to one vault touched another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from ringfence.exceptions import RingfenceError
from ringfence.registry import openings

if TYPE_CHECKING:
    from ape.contracts import ContractInstance

    from ringfence.market import Market


@dataclass(frozen=True)
class Standing:
    """All of a vault that is its own; what its debt amounts to moves with the market's index."""

    owner: str
    pending_owner: str
    fund_class: int
    hold_until: int  # [unix s]
    scaled_debt: int  # [asset / index]
    collateral_mask: int
    balances: Mapping[str, int]  # [token] by address

    def differences(self, other: Standing) -> list[str]:
        """Say what is not the same: "scaled_debt 5 → 7"."""
        pairs = {it.name: (getattr(self, it.name), getattr(other, it.name)) for it in fields(self)}
        return [f"{name} {one} → {two}" for name, (one, two) in pairs.items() if one != two]


def standing(market: Market, vault: ContractInstance) -> Standing:
    """Return how a vault stands now."""
    count = market.engine.token_count()
    tokens = [market.asset, *(market.listed(index) for index in range(count))]
    return Standing(
        owner=vault.owner(),
        pending_owner=vault.pending_owner(),
        fund_class=vault.fund_class(),
        hold_until=vault.hold_until(),
        scaled_debt=vault.scaled_debt(),
        collateral_mask=vault.collateral_mask(),
        balances={str(token.address): token.balanceOf(vault) for token in tokens},
    )


def standings(market: Market, but: Collection[object] = ()) -> dict[str, Standing]:
    """Return how each vault of a market stands now, by address.

    :param but: vaults to leave out: those that are about to change.
    """
    left_out = {str(getattr(it, "address", it)) for it in but}
    vaults = [opening.vault for opening in openings(market)]
    unknown = left_out.difference(vaults)
    if unknown:
        raise RingfenceError(
            f"{', '.join(sorted(unknown))} is no vault of market {market.name}; check the address"
        )
    return {it: standing(market, market.vault_at(it)) for it in vaults if it not in left_out}


def assert_isolated(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> None:
    """Assert that no vault was touched between two moments.

    :param before: what `standings` told before; at least one vault, or nothing would be asserted.
    :param after: what it tells now; vaults that were opened meanwhile are not compared.
    :raises AssertionError: naming each vault that was, and what of it.
    """
    assert before, "no vault to compare: open others beside the one that changes"
    gone = before.keys() - after.keys()
    assert not gone, f"not seen afterwards: {', '.join(sorted(gone))}"
    touched = {vault: then.differences(after[vault]) for vault, then in before.items()}
    told = "\n".join(f"{it}: {'; '.join(found)}" for it, found in touched.items() if found)
    assert not told, f"isolation is broken\n{told}"
