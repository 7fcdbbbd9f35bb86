# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Debt Ledger
@license AGPL-3.0-only
@author The Ringfence authors
@notice The pool's books: cash, scaled debt, debt index, shares issued and owed to the reserves.
@dev Whoever needs the books takes them with `load`, which brings them up to this block without
     writing, and whoever changed them gives them back with `store`. So each view answers as if
     interest had just been accrued, and accrual cannot be forgotten.
"""

from ethereum.ercs import IERC20

from ..interfaces import ICreditPool
from ..interfaces import IInterestRateModel
from ..math import fixed_point as fp
from ..math import interest_math
from ..math import packing
from ..math import share_math

RATE_GAS: constant(uint256) = 50_000  # a caller who starves the model cannot finish the call either

MAX_INTEREST: constant(uint256) = 2**120 - 1  # [asset] of one accrual; the rest goes to lenders

INDEX_MASK: constant(uint256) = 2**128 - 1
RATE_SHIFT: constant(uint256) = 128
RATE_MASK: constant(uint256) = 2**80 - 1
TIME_SHIFT: constant(uint256) = 208


struct Books:
    index: uint256  # [RAY]
    accrued_at: uint256  # [unix s] when the stored books were last written
    rate: uint256  # [RAY / s] charged since then
    interest: uint256  # [asset] accrued since then
    cash: uint256  # [asset] received and not lent; a donation does not count
    scaled_debt: uint256  # [asset / index] of all vaults
    issued: uint256  # [share] of all accounts
    owed: uint256  # [share] to the insurance fund and the treasury, not yet issued


ASSET: immutable(IERC20)
INSURANCE_FUND: public(immutable(address))
TREASURY: public(immutable(address))  # receives its share of interest, as shares
RATE_MODEL: public(immutable(IInterestRateModel))
INSURANCE_SHARE: public(immutable(uint256))  # [WAD] of interest, for the insurance fund
TREASURY_SHARE: public(immutable(uint256))  # [WAD] of interest, for the treasury

_clock: uint256  # index 128 bits, rate 80, time 48
_money: uint256  # cash, scaled debt
_shares: uint256  # issued, owed


@deploy
def __init__(
    asset: IERC20,
    insurance_fund: address,
    treasury: address,
    rate_model: IInterestRateModel,
    insurance_share: uint256,
    treasury_share: uint256,
):
    assert empty(address) not in [insurance_fund, treasury], "pool: zero address"
    assert insurance_share + treasury_share <= fp.WAD // 2, "pool: reserves above half"

    ASSET = asset
    INSURANCE_FUND = insurance_fund
    TREASURY = treasury
    RATE_MODEL = rate_model
    INSURANCE_SHARE = insurance_share
    TREASURY_SHARE = treasury_share
    self._clock = fp.RAY | (block.timestamp << TIME_SHIFT)


@internal
@view
def load() -> Books:
    """
    @dev Return the books as of this block.
    """
    clock: uint256 = self._clock
    money: uint256 = self._money
    shares: uint256 = self._shares
    books: Books = Books(
        index=clock & INDEX_MASK,
        accrued_at=clock >> TIME_SHIFT,
        rate=(clock >> RATE_SHIFT) & RATE_MASK,
        interest=0,
        cash=packing.low_half(money),
        scaled_debt=packing.high_half(money),
        issued=packing.low_half(shares),
        owed=packing.high_half(shares),
    )
    if books.accrued_at == block.timestamp:
        return books
    return self._accrued(books)


@internal
@view
def index_now() -> uint256:
    """
    @dev The index of `load`, for whoever needs nothing else. [RAY]
    """
    clock: uint256 = self._clock
    return interest_math.compound(
        clock & INDEX_MASK,
        (clock >> RATE_SHIFT) & RATE_MASK,
        block.timestamp - (clock >> TIME_SHIFT),
    )


@internal
def store(books: Books):
    """
    @dev Write books that were loaded in this block, with the rate that holds from now on.
    """
    rate: uint256 = self._rate(books)
    self._clock = books.index | (rate << RATE_SHIFT) | (block.timestamp << TIME_SHIFT)
    self._money = packing.pack(books.cash, books.scaled_debt)
    self._shares = packing.pack(books.issued, books.owed)
    if books.accrued_at < block.timestamp:
        log ICreditPool.InterestAccrued(index=books.index, rate=books.rate, interest=books.interest)


@internal
@view
def _rate(books: Books) -> uint256:
    """
    @dev Ask the rate model; one that fails leaves the last rate, and any rate is capped.
    """
    success: bool = False
    response: Bytes[32] = b""
    success, response = raw_call(
        RATE_MODEL.address,
        abi_encode(
            books.cash,
            self.total_debt(books),
            method_id=method_id("borrow_rate(uint256,uint256)"),
        ),
        max_outsize=32,
        gas=RATE_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(response) < 32:
        return books.rate
    return min(convert(response, uint256), interest_math.MAX_RATE)


@internal
@pure
def total_debt(books: Books) -> uint256:
    """
    @dev Rounded down: never promise lenders more than vaults owe.
    """
    return fp.mul_div_down(books.scaled_debt, books.index, fp.RAY)


@internal
@pure
def total_assets(books: Books) -> uint256:
    return books.cash + self.total_debt(books)


@internal
@pure
def debt_at(index: uint256, scaled_debt: uint256) -> uint256:
    """
    @dev What a vault owes, rounded up: the debtor pays the dust.
    """
    return fp.mul_div_up(scaled_debt, index, fp.RAY)


@internal
@pure
def burned_at(index: uint256, assets: uint256) -> uint256:
    """
    @dev Scaled debt that a part of a debt burns, rounded down: the debtor pays the dust.
    """
    return fp.mul_div_down(assets, fp.RAY, index)


@internal
@view
def insurance_part(owed: uint256) -> uint256:
    """
    @dev The insurance fund's part of the shares owed, rounded down; the rest is the treasury's.
    """
    if owed == 0:
        return 0
    return fp.mul_div_down(owed, INSURANCE_SHARE, INSURANCE_SHARE + TREASURY_SHARE)


@internal
@view
def _accrued(books: Books) -> Books:
    """
    @dev Grow the debt by the interest since the last accrual, and set aside the reserves' part of
         it as shares at the price after the interest. The supply stops at 128 bits, so that
         accrual never reverts, nor issuing what is owed.
    """
    after: Books = books
    debt_before: uint256 = self.total_debt(books)
    after.index = interest_math.compound(
        books.index, books.rate, block.timestamp - books.accrued_at
    )
    debt_after: uint256 = self.total_debt(after)
    after.interest = min(debt_after - debt_before, MAX_INTEREST)

    fee: uint256 = fp.mul_div_down(after.interest, INSURANCE_SHARE + TREASURY_SHARE, fp.WAD)
    shares: uint256 = share_math.to_shares_down(
        fee, books.cash + debt_after - fee, books.issued + books.owed
    )
    after.owed = min(books.owed + shares, packing.MAX_HALF - books.issued)
    return after
