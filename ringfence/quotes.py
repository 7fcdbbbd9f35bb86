"""What a liquidation would do, and how far from that a liquidator goes: pure, in base units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ringfence.model.fixed_point import mul_div_up
from ringfence.model.health import value_down, value_up
from ringfence.model.liquidation import insurance_due
from ringfence.snapshot import VaultState
from ringfence.units import WAD, WAD_DECIMALS, to_base_down

DEBT_SLACK = 1_000  # a thousandth of a debt covers its interest until a transaction is mined


@dataclass(frozen=True)
class Quote:
    """What liquidating a vault for one of its tokens would do in one block."""

    symbol: str  # of the token
    repaid: int  # [asset] by the liquidator
    insurance: int  # [asset] by the liquidator, on top
    seized: int  # [token] to the liquidator
    covered: int  # [asset] of a loss, by the insurance fund
    lost: int  # [asset] of a loss, by the lenders

    @property
    def payment(self) -> int:
        """All that the liquidator pays. [asset]"""
        return self.repaid + self.insurance

    @property
    def bad_debt(self) -> int:
        """The loss that is realised. [asset]"""
        return self.covered + self.lost


@dataclass(frozen=True)
class Bounds:
    """How far a liquidation may go from its quote; beyond, the contracts refuse it."""

    repaid: int  # most to repay [asset]
    payment: int  # most to pay, the insurance share included [asset]
    seized: int  # least to seize [token]


def bounds_of(quote: Quote, slippage: Decimal, most: int | None, insurance: int) -> Bounds:
    """Return how far a liquidation may go from what was quoted, whatever the price does meanwhile.

    Interest is always allowed for: a debt to be closed must not be a unit above the offer.
    :param slippage: share by which the repayment may grow and the seizure shrink.
    :param most: most to repay whatever was quoted [asset]; None for no such limit.
    :param insurance: largest insurance share of a repayment. [WAD]
    """
    if quote.repaid == 0:
        return Bounds(0, 0, quote.seized)
    share = to_base_down(slippage, WAD_DECIMALS)
    grown = quote.repaid + mul_div_up(quote.repaid, share, WAD) + interest(quote.repaid)
    repaid = grown if most is None else min(most, grown)
    return Bounds(
        repaid=repaid,
        payment=repaid + max(quote.insurance, mul_div_up(repaid, insurance, WAD) + 1),
        seized=quote.seized - mul_div_up(quote.seized, share, WAD),
    )


def largest_insurance(max_bonus: int, insurance_share: int) -> int:
    """Return the largest share of a repayment that goes to the insurance fund. [WAD]"""
    return insurance_due(WAD, max_bonus, insurance_share)


def largest_repayment(wallet: int, insurance: int) -> int:
    """Return the most that a wallet can offer to repay, the insurance share on top. [asset]

    :param insurance: largest insurance share of a repayment. [WAD]
    """
    return max(wallet - 2, 0) * WAD // (WAD + insurance)


def interest(debt: int) -> int:
    """Return what a debt may grow by until a transaction is mined. [asset]"""
    return debt // DEBT_SLACK + 1


def gain(state: VaultState, quote: Quote) -> int:
    """Return what a liquidator gains at the oracle's prices. [WAD]"""
    held = state.holding(quote.symbol)
    worth = value_down(quote.seized, held.price, held.decimals)
    return worth - value_up(quote.payment, state.debt_price, state.asset_decimals)
