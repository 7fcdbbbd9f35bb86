"""What `ape console` starts with: the market, its vaults, and a way to open more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from ringfence.exceptions import RingfenceError
from ringfence.market import Market
from ringfence.pool import Pool
from ringfence.registry import find_vault, listed, openings
from ringfence.vault import Vault
from ringfence.wording import row_line

if TYPE_CHECKING:
    from ape.api import AccountAPI


def namespace(find: Callable[[], Market], own: Collection[str]) -> dict[str, Any]:
    """Return the names that a console starts with.

    :param find: returns the market, or says in a `RingfenceError` why there is none.
    :param own: addresses of the accounts that are at hand.
    """
    try:
        market = find()
    except RingfenceError as error:
        return {"market": Nothing(str(error))}
    vaults = Vaults(market, own)
    return {"market": market, "pool": Pool(market), "vaults": vaults, "open_vault": vaults.open}


class Vaults:
    """The vaults of a market: vaults.alpha, vaults["alpha"] or vaults["0x…"]; list(vaults).

    Shown by itself it is a table: debt in the credit asset, health as a ratio. A label leads to a
    vault of the console's own accounts only: anyone may open a vault of any label.
    """

    def __init__(self, market: Market, own: Collection[str]) -> None:
        self._market = market
        self._own = own

    def open(self, label: str, sender: AccountAPI, owner: object | None = None) -> Vault:
        """Open a client vault, and return it.

        :param label: up to 32 bytes; an owner has one vault of each label.
        :param sender: account that pays for the transaction.
        :param owner: address that is to own it; the sender unless named.
        """
        return Vault.open(self._market, owner or sender, label, sender)

    def __getitem__(self, name: str) -> Vault:
        return find_vault(self._market, name, self._own)

    def __getattr__(self, name: str) -> Vault:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except RingfenceError as error:
            raise AttributeError(str(error)) from None

    def __dir__(self) -> list[str]:
        labels = {opening.label for opening in openings(self._market)}
        return ["open", *sorted(label for label in labels if label.isidentifier())]

    def __iter__(self) -> Iterator[Vault]:
        for opening in openings(self._market):
            yield Vault(self._market, self._market.vault_at(opening.vault))

    def __len__(self) -> int:
        return len(openings(self._market))

    def __repr__(self) -> str:
        lines = [row_line(*pair, self._market.asset_symbol) for pair in listed(self._market)]
        return "\n".join(lines or ["no vault yet: open_vault(label, sender=...)"])


class Nothing:
    """Stands for a market that is not there, and says why."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __repr__(self) -> str:
        return self._reason

    def __bool__(self) -> bool:
        return False
