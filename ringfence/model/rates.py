"""Mirror of `KinkedRateModel.vy`, and of the double that returns what it is told."""

from dataclasses import dataclass
from typing import Protocol

from ringfence.model import interest
from ringfence.model.fixed_point import WAD
from ringfence.model.refusal import Refused, check


class RateModel(Protocol):
    """Source of the borrow rate."""

    def borrow_rate(self, cash: int, debt: int) -> int:
        """Return the rate [RAY / s] of a pool with these books [asset]."""


@dataclass(frozen=True)
class KinkedRateModel:
    """Borrow rate that rises slowly up to the kink and steeply beyond it."""

    kink: int  # [WAD]
    base_rate: int  # [RAY / s]
    kink_rate: int  # [RAY / s]
    full_rate: int  # [RAY / s]

    def __post_init__(self) -> None:
        check(0 < self.kink < WAD, "rates: kink not inside (0, 1)")
        check(self.base_rate <= self.kink_rate <= self.full_rate, "rates: curve falls")
        check(self.full_rate <= interest.MAX_RATE, "rates: above the cap")

    def borrow_rate(self, cash: int, debt: int) -> int:
        """Return the borrow rate [RAY / s] of a pool with these books [asset], rounded up."""
        used = interest.utilisation(cash, debt)
        return interest.kinked_rate(used, self.kink, self.base_rate, self.kink_rate, self.full_rate)


@dataclass
class MockRateModel:
    """Rate model that returns what it is told [RAY / s], or fails if told nothing."""

    rate: int | None = 0

    def borrow_rate(self, cash: int, debt: int) -> int:
        """Return the rate [RAY / s]."""
        if self.rate is None:
            raise Refused("rates: down")
        return self.rate
