"""Mirror of `modules/share_token.vy`: the books of the shares that are issued; no permit here."""

from typing import ClassVar

from ringfence.model.chain import ZERO, Chain, Names, Part, transaction
from ringfence.model.fixed_point import MAX_UINT
from ringfence.model.refusal import check

MAX_SUPPLY = 2**128 - 1  # [share]


class ShareToken(Part):
    """Issued shares and allowances."""

    stored: ClassVar[Names] = ("issued", "_allowances")

    def __init__(self, chain: Chain, address: str, decimals: int) -> None:
        Part.__init__(self, chain, address)
        self.decimals = decimals
        self.issued: dict[str, int] = {}  # [share]
        self._allowances: dict[tuple[str, str], int] = {}  # owner, spender -> [share]

    @transaction
    def approve(self, spender: str, amount: int, *, sender: str) -> bool:
        """Let `spender` move up to `amount` of the caller's shares; the maximum never runs out."""
        self._allowances[sender, spender] = amount
        return True

    def allowance(self, owner: str, spender: str) -> int:
        """What `spender` may move of the owner's shares [share]."""
        return self._allowances.get((owner, spender), 0)

    def _move_issued(self, owner: str, receiver: str, amount: int) -> None:
        check(receiver != ZERO, "share: zero receiver")
        check(self.issued.get(owner, 0) >= amount, "share: balance too low")
        self.issued[owner] = self.issued.get(owner, 0) - amount
        self.issued[receiver] = self.issued.get(receiver, 0) + amount

    def _mint(self, receiver: str, amount: int) -> None:
        check(receiver != ZERO, "share: zero receiver")
        self.issued[receiver] = self.issued.get(receiver, 0) + amount

    def _burn(self, owner: str, amount: int) -> None:
        check(self.issued.get(owner, 0) >= amount, "share: balance too low")
        self.issued[owner] = self.issued.get(owner, 0) - amount

    def _spend_allowance(self, owner: str, spender: str, amount: int) -> None:
        if owner == spender:
            return
        allowed = self.allowance(owner, spender)
        if allowed == MAX_UINT:
            return
        check(allowed >= amount, "share: allowance too low")
        self._allowances[owner, spender] = allowed - amount
