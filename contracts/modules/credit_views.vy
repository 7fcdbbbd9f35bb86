# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Credit Views
@license AGPL-3.0-only
@author The Ringfence authors
@notice What a pool's books say about debt and cash, as of this block.
"""

from . import debt_ledger as ledger
from . import lender_shares as lenders

uses: ledger
uses: lenders


@external
@view
def debt_of(scaled_debt: uint256) -> uint256:
    """
    @notice Return what a vault with this scaled debt owes now.
    @param scaled_debt Scaled debt. [asset / index]
    @return Debt, rounded up. [asset]
    """
    return ledger.debt_at(ledger.index_now(), scaled_debt)


@external
@view
def total_debt() -> uint256:
    """
    @notice Return what all vaults owe now.
    @return Debt, rounded down. [asset]
    """
    return ledger.total_debt(lenders.books())


@external
@view
def total_scaled_debt() -> uint256:
    """
    @notice Return the sum of the scaled debts of all vaults.
    @return Scaled debt. [asset / index]
    """
    books: ledger.Books = lenders.books()
    return books.scaled_debt


@external
@view
def debt_index() -> uint256:
    """
    @notice Return the debt index now.
    @return Index, which starts at one and never falls. [RAY]
    """
    return ledger.index_now()


@external
@view
def cash() -> uint256:
    """
    @notice Return what is booked as received and not lent.
    @return Cash; a donation does not count. [asset]
    """
    books: ledger.Books = lenders.books()
    return books.cash


@external
@view
def borrow_rate() -> uint256:
    """
    @notice Return the rate that vaults pay from now on.
    @return Rate, at most the cap. [RAY / s]
    """
    books: ledger.Books = lenders.books()
    return books.rate
