"""Whether what happened to one vault touched another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringfence.exceptions import RingfenceError
from ringfence.registry import openings

if TYPE_CHECKING:
    from ape.contracts import ContractInstance

    from ringfence.market import Market


@dataclass(frozen=True)
class Standing:
    """All of a vault that is its own.

    What its debt amounts to moves with the market's index, by interest alone, and is left out. A
    vault has no function that gives an allowance.
    """

    owner: str
    pending_owner: str
    fund_class: int
    hold_until: int  # [unix s]
    scaled_debt: int  # [asset / index]
    collateral_mask: int
    coins: int  # [wei] of the chain's own
    balances: Mapping[str, int]  # [token] by address

    def differences(self, other: Standing) -> list[str]:
        """Say what is not the same: "scaled_debt 5 → 7". A token that is only in one of them was
        listed meanwhile.
        """
        one, two = ({**vars(it), "balances": None, **it.balances} for it in (self, other))
        return [f"{it} {one[it]} → {two[it]}" for it in one if one[it] != two.get(it, one[it])]


def standing(
    market: Market, vault: ContractInstance, strays: Iterable[ContractInstance] = ()
) -> Standing:
    """Return how a vault stands now.

    :param strays: tokens to look at beside those that the market lists.
    """
    tokens = [market.asset, *market.first_listed(market.engine.token_count()), *strays]
    return Standing(
        owner=vault.owner(),
        pending_owner=vault.pending_owner(),
        fund_class=vault.fund_class(),
        hold_until=vault.hold_until(),
        scaled_debt=vault.scaled_debt(),
        collateral_mask=vault.collateral_mask(),
        coins=market.provider.get_balance(str(vault.address)),
        balances={str(token.address): token.balanceOf(vault) for token in tokens},
    )


def standings(
    market: Market, but: Collection[object] = (), strays: Collection[ContractInstance] = ()
) -> dict[str, Standing]:
    """Return how each vault of a market stands now, by address.

    :param but: vaults to leave out: those that are about to change.
    :param strays: tokens to look at beside those that the market lists.
    """
    left_out = {str(getattr(it, "address", it)) for it in but}
    vaults = [opening.vault for opening in openings(market)]
    unknown = left_out.difference(vaults)
    if unknown:
        raise RingfenceError(
            f"{', '.join(sorted(unknown))} is no vault of market {market.name}; check the address"
        )
    kept = (it for it in vaults if it not in left_out)
    return {it: standing(market, market.vault_at(it), strays) for it in kept}


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
