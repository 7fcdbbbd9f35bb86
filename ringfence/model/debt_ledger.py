"""Mirror of `modules/debt_ledger.vy`: cash, scaled debt, index, shares issued and owed."""

from dataclasses import dataclass, replace
from typing import ClassVar

from ringfence.model import interest, shares
from ringfence.model.chain import ZERO, Chain, Erc20, Names, Part
from ringfence.model.fixed_point import RAY, WAD, mul_div_down, mul_div_up, uint
from ringfence.model.packing import MAX_HALF, pack
from ringfence.model.rates import RateModel
from ringfence.model.refusal import Refused, check

MAX_INTEREST = 2**120 - 1  # [asset] of one accrual; what is above goes to lenders


@dataclass(frozen=True)
class Books:
    """The pool's books as of one moment."""

    index: int  # [RAY]
    accrued_at: int  # [unix s] when the stored books were last written
    rate: int  # [RAY / s] charged since then
    interest: int  # [asset] accrued since then
    cash: int  # [asset] received and not lent; a donation does not count
    scaled_debt: int  # [asset / index] of all vaults
    issued: int  # [share] of all accounts
    owed: int  # [share] to the insurance fund and the treasury, not yet issued


def total_debt(books: Books) -> int:
    """What all vaults owe [asset], rounded down."""
    return mul_div_down(books.scaled_debt, books.index, RAY)


def total_assets(books: Books) -> int:
    """What belongs to the holders of shares [asset]."""
    return uint(books.cash + total_debt(books))


def debt_of(books: Books, scaled_debt: int) -> int:
    """What a vault with this scaled debt owes [asset], rounded up."""
    return mul_div_up(scaled_debt, books.index, RAY)


def burned_by(books: Books, assets: int) -> int:
    """Scaled debt that a part of a debt [asset] burns, rounded down [asset / index]."""
    return mul_div_down(assets, RAY, books.index)


class DebtLedger(Part):
    """Stored books, brought up to the present by `_load` and written by `_store`."""

    stored: ClassVar[Names] = ("_books",)

    def __init__(
        self,
        chain: Chain,
        address: str,
        asset: Erc20,
        insurance_fund: str,
        treasury: str,
        rate_model: RateModel,
        insurance_share: int,
        treasury_share: int,
    ) -> None:
        Part.__init__(self, chain, address)
        check(ZERO not in (insurance_fund, treasury), "pool: zero address")
        check(uint(insurance_share + treasury_share) <= WAD // 2, "pool: reserves above half")
        self._asset = asset
        self.insurance_fund = insurance_fund
        self.treasury = treasury
        self.rate_model = rate_model
        self.insurance_share = insurance_share  # [WAD] of interest
        self.treasury_share = treasury_share  # [WAD] of interest
        self._books = Books(RAY, chain.now, 0, 0, 0, 0, 0, 0)

    def _load(self) -> Books:
        """The books as of this block."""
        books = replace(self._books, interest=0)
        if books.accrued_at == self.now:
            return books
        return self._accrued(books)

    def _store(self, books: Books) -> None:
        """Write books that were loaded in this block, with the rate that holds from now on."""
        rate = self._rate_of(books)
        pack(books.cash, books.scaled_debt)
        pack(books.issued, books.owed)
        self._books = replace(books, rate=rate, accrued_at=self.now, interest=0)

    def _rate_of(self, books: Books) -> int:
        """The model's rate [RAY / s], capped; one that fails leaves the last rate."""
        try:
            rate = self.rate_model.borrow_rate(books.cash, total_debt(books))
        except Refused:
            return books.rate
        return min(rate, interest.MAX_RATE)

    def _insurance_part(self, owed: int) -> int:
        """The insurance fund's part of the shares owed, rounded down [share]."""
        if owed == 0:
            return 0
        return mul_div_down(owed, self.insurance_share, self.insurance_share + self.treasury_share)

    def _accrued(self, books: Books) -> Books:
        """Grow the debt, and set aside the reserves' part as shares at the price afterwards."""
        index = interest.compound(books.index, books.rate, uint(self.now - books.accrued_at))
        grown = replace(books, index=index)
        earned = min(uint(total_debt(grown) - total_debt(books)), MAX_INTEREST)

        fee = mul_div_down(earned, self.insurance_share + self.treasury_share, WAD)
        assets = uint(total_assets(grown) - fee)
        owed = books.owed + shares.to_shares_down(fee, assets, uint(books.issued + books.owed))
        return replace(grown, interest=earned, owed=min(owed, MAX_HALF - books.issued))
