"""Mirror of `modules/brakes.vy`: pauses that lapse by themselves, and the stop after a loss."""

from typing import ClassVar

from ringfence.model.chain import Chain, Names, Part
from ringfence.model.fixed_point import uint
from ringfence.model.refusal import check

MAX_LEVEL = 2
MAX_PAUSE = 604_800  # [s] 7 days


class Brakes(Part):
    """Ends of both pause levels, stop flag, and the losses that led to it."""

    stored: ClassVar[Names] = ("_first_end", "_second_end", "_is_stopped", "lender_losses")

    def __init__(self, chain: Chain, address: str) -> None:
        Part.__init__(self, chain, address)
        self._first_end = 0  # [unix s]
        self._second_end = 0  # [unix s]
        self._is_stopped = False
        self.lender_losses = 0  # [asset] since borrowing was last resumed

    def pause_level(self) -> int:
        """0 normal, 1 no borrowing and no deposits, 2 also no withdrawal from vaults in debt."""
        if self._second_end >= self.now:
            return 2
        return 1 if self._first_end >= self.now else 0

    def borrowing_stopped(self) -> bool:
        """Whether losses of the lenders have stopped borrowing."""
        return self._is_stopped

    def _raise_to(self, level: int, duration: int) -> None:
        check(0 < level <= MAX_LEVEL, "pool: no such pause level")
        check(0 < duration <= MAX_PAUSE, "pool: pause above 7 days")
        until = self.now + duration
        self._first_end = max(self._first_end, until)
        if level == 2:
            self._second_end = max(self._second_end, until)

    def _lower_to(self, level: int) -> None:
        check(level < self.pause_level(), "pool: pause is not above that")
        self._second_end = 0
        if level != 1:
            self._first_end = 0

    def _book_loss(self, lost: int, tolerated: int) -> None:
        if lost == 0:
            return
        self.lender_losses = uint(self.lender_losses + lost)
        if self.lender_losses > tolerated:
            self._is_stopped = True

    def _resume(self) -> None:
        check(self._is_stopped, "pool: borrowing is not stopped")
        self._is_stopped = False
        self.lender_losses = 0
