"""Mirror of `modules/ownership.vy`: one owner, who hands over in two steps."""

from typing import ClassVar

from ringfence.model.chain import ZERO, Chain, Names, Part, transaction
from ringfence.model.refusal import check


class Ownership(Part):
    """Owner and candidate."""

    stored: ClassVar[Names] = ("owner", "pending_owner")

    def __init__(self, chain: Chain, address: str, owner: str) -> None:
        Part.__init__(self, chain, address)
        check(owner != ZERO, "ownership: zero owner")
        self.owner = owner
        self.pending_owner = ZERO

    @transaction
    def transfer_ownership(self, new_owner: str, *, sender: str) -> None:
        """Offer ownership; the zero address withdraws an offer."""
        self._check_owner(sender)
        self.pending_owner = new_owner

    @transaction
    def accept_ownership(self, *, sender: str) -> None:
        """Take over the ownership offered to the caller."""
        check(sender == self.pending_owner, "ownership: not the candidate")
        self.owner = sender
        self.pending_owner = ZERO

    def _check_owner(self, sender: str) -> None:
        check(sender == self.owner, "ownership: not the owner")
