"""Whether what happens to one vault touches another: pure comparisons of what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from ringfence.model.fixed_point import RAY, mul_div_up


@dataclass(frozen=True)
class Sight:
    """What a vault looks like at one moment."""

    balances: tuple[int, ...]  # [token] in the order of the market
    debt: int  # [asset]
    scaled_debt: int  # [asset / index]
    owner: int  # address
    fund_class: int
    collateral_mask: int
    hold_until: int  # [unix s]


ASPECTS = tuple(field.name for field in fields(Sight))


@dataclass(frozen=True)
class Sighting:
    """A vault just before and just after another one was liquidated, in one transaction."""

    label: str
    failing: str
    before: Sight
    after: Sight

    @property
    def differences(self) -> dict[str, int]:
        """How far each aspect moved; all zero if the vault was not touched."""
        moved = {"balances": distance(self.before.balances, self.after.balances)}
        for aspect in ASPECTS[1:]:
            moved[aspect] = abs(getattr(self.after, aspect) - getattr(self.before, aspect))
        return moved


def distance(before: Sequence[int], after: Sequence[int]) -> int:
    """Add up how far each of several numbers moved."""
    return sum(abs(new - old) for old, new in zip(before, after, strict=True))


def moved_in_all(label: str, sightings: Iterable[Sighting]) -> dict[str, int]:
    """Add up, aspect by aspect, how far a vault moved while others were liquidated."""
    total = dict.fromkeys(ASPECTS, 0)
    for sighting in sightings:
        if sighting.label == label:
            for aspect, moved in sighting.differences.items():
                total[aspect] += moved
    return total


# -- Interest --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loan:
    """A borrowing, and the debt index of the pool at that moment."""

    assets: int  # [asset]
    index: int  # [RAY]


def debt_explained(loans: Iterable[Loan], index: int) -> int:
    """Return what loans amount to by the pool's index alone, as the contracts round it. [asset]"""
    scaled = sum(mul_div_up(loan.assets, RAY, loan.index) for loan in loans)
    return mul_div_up(scaled, index, RAY)


@dataclass(frozen=True)
class Twin:
    """A vault at the end of the replay, with and without the failing clients."""

    label: str
    balances: int  # [token] how far they differ, added up
    debt: int  # [asset] more (or less) owed with them
    is_interest: bool  # in both runs the debt is what the pool's index makes of the vault's loans


def breaches(moved: Mapping[str, Mapping[str, int]], twins: Iterable[Twin]) -> list[str]:
    """Say where a vault was touched by another's fate; nothing if none was."""
    found = [
        f"{label}: {aspect} moved by {by} while another vault was liquidated"
        for label, aspects in moved.items()
        for aspect, by in aspects.items()
        if by != 0
    ]
    for twin in twins:
        if twin.balances != 0:
            found.append(f"{twin.label}: balances differ by {twin.balances} without the others")
        if not twin.is_interest:
            found.append(f"{twin.label}: debt is not what the market's interest rate makes of it")
    return found
