"""Mirror of `modules/collateral_registry.vy`: tokens that were ever listed, and their rules."""

from dataclasses import dataclass
from typing import ClassVar

from ringfence.model import bitmap
from ringfence.model.chain import Chain, Names, Part
from ringfence.model.health import ramped
from ringfence.model.refusal import check

MAX_TOKENS = 88
MAX_CAP = 2**96 - 1  # [token]
MAX_TIME = 2**32 - 1  # [unix s] at which a ramp may end


@dataclass(frozen=True)
class Token:
    """A listed token and its risk parameters."""

    token: str
    initial_ltv: int  # [WAD]
    start_ltv: int  # [WAD] maintenance, until `ramp_begin`
    target_ltv: int  # [WAD] maintenance, from `ramp_end` on
    ramp_begin: int  # [unix s]
    ramp_end: int  # [unix s]
    decimals: int
    is_delisted: bool
    is_capped: bool


class CollateralRegistry(Part):
    """An index is given once and stays with its token."""

    stored: ClassVar[Names] = ("_entries", "_numbers", "cap_of")

    def __init__(self, chain: Chain, address: str) -> None:
        Part.__init__(self, chain, address)
        self._entries: list[Token] = []
        self._numbers: dict[str, int] = {}  # token -> index + 1
        self.cap_of: dict[str, int] = {}  # [token] of one vault, counted when risk grows

    def token_count(self) -> int:
        """Number of tokens that were ever listed."""
        return len(self._entries)

    def token_at(self, index: int) -> str:
        """Token of an index."""
        return self._entries[index].token

    def bit_of(self, token: str) -> int:
        """The token's bit in the masks of vaults; 0 if it was never listed."""
        number = self._numbers.get(token, 0)
        return bitmap.bit(number - 1) if number else 0

    def _index_of(self, token: str) -> int:
        number = self._numbers.get(token, 0)
        check(number != 0, "engine: token not listed")
        return number - 1

    def _append(self, entry: Token) -> int:
        check(entry.token not in self._numbers, "engine: token listed before")
        check(len(self._entries) < MAX_TOKENS, "engine: too many tokens")
        self._entries.append(entry)
        self._numbers[entry.token] = len(self._entries)
        return len(self._entries) - 1

    def _maintenance_ltv(self, entry: Token) -> int:
        """Maintenance LTV now, in the middle of its ramp if there is one [WAD]."""
        return ramped(entry.start_ltv, entry.target_ltv, entry.ramp_begin, entry.ramp_end, self.now)

    def _largest_maintenance_ltv(self) -> int:
        return max(map(self._maintenance_ltv, self._entries), default=0)
