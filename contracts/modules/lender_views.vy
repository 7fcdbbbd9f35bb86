# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Lender Views
@license AGPL-3.0-only
@author The Ringfence authors
@notice The views of ERC-4626, as of this block.
@dev Limits are honest: each `max*` is what would pass now, under low cash, caps and pauses.
"""

from . import debt_ledger as ledger
from . import lender_shares as lenders

uses: ledger
uses: lenders


# -- ERC-4626: views -------------------------------------------------------------------------------


@external
@view
def asset() -> address:
    """
    @notice Return the token that lenders supply and vaults borrow.
    @return Credit asset.
    """
    return ledger.ASSET.address


@external
@view
def totalAssets() -> uint256:
    """
    @notice Return what belongs to the holders of shares: cash and debt.
    @return Assets, rounded down. [asset]
    """
    return ledger.total_assets(lenders.books())


@external
@view
def convertToShares(assets: uint256) -> uint256:
    """
    @notice Return the shares that `assets` are worth.
    @param assets Amount. [asset]
    @return Shares, rounded down. [share]
    """
    return lenders.to_shares_down(lenders.books(), assets)


@external
@view
def convertToAssets(shares: uint256) -> uint256:
    """
    @notice Return the assets that `shares` are worth.
    @param shares Amount. [share]
    @return Assets, rounded down. [asset]
    """
    return lenders.to_assets_down(lenders.books(), shares)


@external
@view
def previewDeposit(assets: uint256) -> uint256:
    """
    @notice Return the shares that a deposit of `assets` would issue in this block.
    @param assets Amount. [asset]
    @return Shares. [share]
    """
    return lenders.to_shares_down(lenders.books(), assets)


@external
@view
def previewMint(shares: uint256) -> uint256:
    """
    @notice Return the assets that minting `shares` would cost in this block.
    @param shares Amount. [share]
    @return Assets. [asset]
    """
    return lenders.to_assets_up(lenders.books(), shares)


@external
@view
def previewWithdraw(assets: uint256) -> uint256:
    """
    @notice Return the shares that withdrawing `assets` would burn in this block.
    @param assets Amount. [asset]
    @return Shares. [share]
    """
    return lenders.to_shares_up(lenders.books(), assets)


@external
@view
def previewRedeem(shares: uint256) -> uint256:
    """
    @notice Return the assets that redeeming `shares` would pay in this block.
    @param shares Amount. [share]
    @return Assets. [asset]
    """
    return lenders.to_assets_down(lenders.books(), shares)


@external
@view
def maxDeposit(receiver: address) -> uint256:
    """
    @notice Return the most that can be deposited in this block: up to the supply cap, and nothing
            under a pause, or if that much buys no share.
    @param receiver Account that would get the shares.
    @return Assets. [asset]
    """
    books: ledger.Books = lenders.books()
    room: uint256 = lenders.room(books)
    return room if lenders.to_shares_down(books, room) > 0 else 0


@external
@view
def maxMint(receiver: address) -> uint256:
    """
    @notice Return the most shares that can be minted in this block.
    @param receiver Account that would get the shares.
    @return Shares. [share]
    """
    books: ledger.Books = lenders.books()
    return min(lenders.to_shares_down(books, lenders.room(books)), lenders.mintable(books))


@external
@view
def maxWithdraw(owner: address) -> uint256:
    """
    @notice Return the most that an account can withdraw in this block: its worth, up to the cash.
    @param owner Account whose shares would be burned.
    @return Assets. [asset]
    """
    books: ledger.Books = lenders.books()
    return min(lenders.to_assets_down(books, lenders.balance_of(books, owner)), books.cash)


@external
@view
def maxRedeem(owner: address) -> uint256:
    """
    @notice Return the most shares that an account can redeem in this block.
    @param owner Account whose shares would be burned.
    @return Shares. [share]
    """
    books: ledger.Books = lenders.books()
    balance: uint256 = lenders.balance_of(books, owner)
    worth: uint256 = lenders.to_assets_down(books, balance)
    if 0 < worth and worth <= books.cash:
        return balance
    most: uint256 = min(balance, lenders.to_shares_up(books, books.cash + 1) - 1)
    return most if lenders.to_assets_down(books, most) > 0 else 0
