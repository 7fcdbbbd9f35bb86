"""Mirror of `modules/identity.vy`: whose a vault is, its fund class, and the officer's hold."""

from typing import ClassVar, Protocol

from ringfence.model.chain import ZERO, Chain, Names, Part, transaction
from ringfence.model.refusal import check

CLIENT = 1
HOUSE = 2
MAX_HOLD = 2_592_000  # [s] 30 days


class Officers(Protocol):
    """What a vault asks the factory."""

    owner: str
    compliance_officer: str


class Identity(Part):
    """Owner, fund class and hold of one vault."""

    stored: ClassVar[Names] = ("_owner", "_pending_owner", "_hold_until")

    def __init__(
        self, chain: Chain, address: str, factory: Officers, owner: str, fund_class: int
    ) -> None:
        Part.__init__(self, chain, address)
        self.factory = factory
        self._fund_class = fund_class
        self._owner = owner
        self._pending_owner = ZERO
        self._hold_until = 0  # [unix s]

    @transaction
    def transfer_ownership(self, new_owner: str, *, sender: str) -> None:
        """Offer the vault to `new_owner`, who must accept it."""
        self._check_owner(sender)
        self._pending_owner = new_owner

    @transaction
    def accept_ownership(self, *, sender: str) -> None:
        """Take over the vault offered to the caller."""
        check(sender == self._pending_owner, "vault: not the candidate")
        is_house = sender == self.factory.owner
        check(is_house == (self._fund_class == HOUSE), "vault: another fund class")
        self._owner = sender
        self._pending_owner = ZERO

    @transaction
    def place_hold(self, reason: bytes, until: int, *, sender: str) -> None:
        """Forbid withdrawing and borrowing until then [unix s]."""
        self._check_officer(sender)
        check(until > self.now, "vault: hold in the past")
        check(until <= self.now + MAX_HOLD, "vault: hold above 30 days")
        self._hold_until = until

    @transaction
    def release_hold(self, *, sender: str) -> None:
        """End the hold before its time."""
        self._check_officer(sender)
        check(self._hold_until >= self.now, "vault: not on hold")
        self._hold_until = 0

    def owner(self) -> str:
        """The owner."""
        return self._owner

    def pending_owner(self) -> str:
        """The candidate to whom the vault is offered; zero for none."""
        return self._pending_owner

    def fund_class(self) -> int:
        """1 client, 2 house."""
        return self._fund_class

    def hold_until(self) -> int:
        """End of the officer's hold [unix s]."""
        return self._hold_until

    def _check_owner(self, sender: str) -> None:
        check(sender == self._owner, "vault: not the owner")

    def _check_no_hold(self) -> None:
        check(self._hold_until < self.now, "vault: on hold")

    def _check_officer(self, sender: str) -> None:
        check(sender == self.factory.compliance_officer, "vault: not the officer")
