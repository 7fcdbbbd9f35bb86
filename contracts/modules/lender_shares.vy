# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Lender Shares
@license AGPL-3.0-only
@author The Ringfence authors
@notice What lenders do with a credit pool: ERC-4626 over its books, ERC-20 over its shares.
@dev Shares owed to the insurance fund and the treasury count in every balance and total before
     they are issued.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC4626

from ..interfaces import ICreditPool
from ..math import share_math
from . import debt_ledger as ledger
from . import pool_rules as rules
from . import share_token as share

uses: ledger
uses: rules
uses: share

# -- ERC-4626: in ----------------------------------------------------------------------------------


@external
def deposit(assets: uint256, receiver: address) -> uint256:
    """
    @notice Lend `assets` to the pool.
    @param assets Amount to pull from the caller. [asset]
    @param receiver Account that gets the shares.
    @return Shares issued, rounded down. [share]
    """
    books: ledger.Books = self.books()
    self._check_room(books, assets)
    shares: uint256 = self.to_shares_down(books, assets)
    self._take_in(books, assets, shares, receiver)
    return shares


@external
def mint(shares: uint256, receiver: address) -> uint256:
    """
    @notice Lend as much as `shares` cost.
    @param shares Amount to issue. [share]
    @param receiver Account that gets the shares.
    @return Assets pulled from the caller, rounded up. [asset]
    """
    assert shares <= share.MAX_SUPPLY, "share: supply above 128 bits"

    books: ledger.Books = self.books()
    assets: uint256 = self.to_assets_up(books, shares)
    self._check_room(books, assets)
    self._take_in(books, assets, shares, receiver)
    return assets


# -- ERC-4626: out ---------------------------------------------------------------------------------


@external
def withdraw(assets: uint256, receiver: address, owner: address) -> uint256:
    """
    @notice Take back `assets` that are not lent.
    @param assets Amount to send. [asset]
    @param receiver Account that gets the assets.
    @param owner Account whose shares are burned; the caller, or one who allowed it.
    @return Shares burned, rounded up. [share]
    """
    books: ledger.Books = self.books()
    assert assets <= books.cash, "pool: insufficient cash"

    shares: uint256 = self.to_shares_up(books, assets)
    self._pay_out(books, assets, shares, receiver, owner)
    return shares


@external
def redeem(shares: uint256, receiver: address, owner: address) -> uint256:
    """
    @notice Give back `shares` for what they are worth, as far as it is not lent.
    @param shares Amount to burn. [share]
    @param receiver Account that gets the assets.
    @param owner Account whose shares are burned; the caller, or one who allowed it.
    @return Assets sent, rounded down. [asset]
    """
    books: ledger.Books = self.books()
    assert shares <= self.balance_of(books, owner), "share: balance too low"

    assets: uint256 = self.to_assets_down(books, shares)
    assert assets <= books.cash, "pool: insufficient cash"
    self._pay_out(books, assets, shares, receiver, owner)
    return assets


# -- ERC-20 ----------------------------------------------------------------------------------------


@external
def transfer(receiver: address, amount: uint256) -> bool:
    """
    @notice Send shares of the caller.
    @param receiver Account that gets them.
    @param amount Amount to send. [share]
    @return Always true.
    """
    self._move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(owner: address, receiver: address, amount: uint256) -> bool:
    """
    @notice Send shares of an owner who allowed it.
    @param owner Account that loses them.
    @param receiver Account that gets them.
    @param amount Amount to send. [share]
    @return Always true.
    """
    share.spend_allowance(owner, msg.sender, amount)
    self._move(owner, receiver, amount)
    return True


@external
@view
def balanceOf(owner: address) -> uint256:
    """
    @notice Return the shares of an account, those owed to it included.
    @param owner Account to look up.
    @return Shares. [share]
    """
    return self.balance_of(self.books(), owner)


@external
@view
def totalSupply() -> uint256:
    """
    @notice Return all shares, those owed to the reserves included.
    @return Shares. [share]
    """
    return self.supply(self.books())


# -- For the host ----------------------------------------------------------------------------------


@internal
@view
def books() -> ledger.Books:
    return ledger.load()


@internal
@view
def supply(books: ledger.Books) -> uint256:
    return books.issued + books.owed


@internal
@view
def balance_of(books: ledger.Books, owner: address) -> uint256:
    balance: uint256 = share.issued[owner]
    if owner == ledger.INSURANCE_FUND:
        balance += ledger.insurance_part(books.owed)
    if owner == ledger.TREASURY:
        balance += books.owed - ledger.insurance_part(books.owed)
    return balance


@internal
@view
def to_shares_down(books: ledger.Books, assets: uint256) -> uint256:
    return share_math.to_shares_down(assets, ledger.total_assets(books), self.supply(books))


@internal
@view
def to_shares_up(books: ledger.Books, assets: uint256) -> uint256:
    return share_math.to_shares_up(assets, ledger.total_assets(books), self.supply(books))


@internal
@view
def to_assets_down(books: ledger.Books, shares: uint256) -> uint256:
    return share_math.to_assets_down(shares, ledger.total_assets(books), self.supply(books))


@internal
@view
def to_assets_up(books: ledger.Books, shares: uint256) -> uint256:
    return share_math.to_assets_up(shares, ledger.total_assets(books), self.supply(books))


@internal
def collect(books: ledger.Books) -> ledger.Books:
    """
    @dev Issue the shares owed to the reserves; totals and balances do not change by it.
    """
    if books.owed == 0:
        return books

    insurance: uint256 = ledger.insurance_part(books.owed)
    treasury: uint256 = books.owed - insurance
    if insurance > 0:
        share.mint(ledger.INSURANCE_FUND, insurance)
    if treasury > 0:
        share.mint(ledger.TREASURY, treasury)
    log ICreditPool.ReservesCollected(insurance_shares=insurance, treasury_shares=treasury)
    after: ledger.Books = books
    after.issued += books.owed
    after.owed = 0
    return after


@internal
@view
def check_received(books: ledger.Books):
    """
    @dev What is booked must be there.
    """
    assert staticcall ledger.ASSET.balanceOf(self) >= books.cash, "pool: payment missing"


@internal
@view
def room(books: ledger.Books) -> uint256:
    """
    @dev What the pause, the supply cap and the largest supply of shares leave to deposit. [asset]
    """
    return min(
        rules.room(ledger.total_assets(books)),
        self.to_assets_down(books, self.mintable(books)),
    )


@internal
@view
def mintable(books: ledger.Books) -> uint256:
    """
    @dev Lenders fill half of the largest supply; the rest is for what the reserves are owed.
    """
    supply: uint256 = self.supply(books)
    return share.MAX_SUPPLY // 2 - min(supply, share.MAX_SUPPLY // 2)


# -- Internals -------------------------------------------------------------------------------------


@internal
@view
def _check_room(books: ledger.Books, assets: uint256):
    assert rules.brakes.level() == 0, "pool: paused"
    assert assets <= self.room(books), "pool: supply cap reached"


@internal
def _take_in(books: ledger.Books, assets: uint256, shares: uint256, receiver: address):
    assert assets > 0 and shares > 0, "pool: nothing to deposit"

    after: ledger.Books = books
    after.cash += assets
    after.issued += shares
    ledger.store(after)
    share.mint(receiver, shares)
    log IERC4626.Deposit(sender=msg.sender, owner=receiver, assets=assets, shares=shares)

    assert extcall ledger.ASSET.transferFrom(
        msg.sender, self, assets, default_return_value=True
    ), "pool: transfer failed"
    self.check_received(after)


@internal
def _pay_out(
    books: ledger.Books, assets: uint256, shares: uint256, receiver: address, owner: address
):
    assert assets > 0 and shares > 0, "pool: nothing to withdraw"

    share.spend_allowance(owner, msg.sender, shares)
    after: ledger.Books = self._collected_for(owner, books)
    share.burn(owner, shares)
    after.cash -= assets
    after.issued -= shares
    ledger.store(after)
    log IERC4626.Withdraw(
        sender=msg.sender, receiver=receiver, owner=owner, assets=assets, shares=shares
    )

    assert extcall ledger.ASSET.transfer(
        receiver, assets, default_return_value=True
    ), "pool: transfer failed"


@internal
def _move(owner: address, receiver: address, amount: uint256):
    if owner == ledger.INSURANCE_FUND or owner == ledger.TREASURY:
        ledger.store(self._collected_for(owner, self.books()))
    share.move(owner, receiver, amount)


@internal
def _collected_for(owner: address, books: ledger.Books) -> ledger.Books:
    """
    @dev A reserve that spends shares first gets those it is owed.
    """
    if owner == ledger.INSURANCE_FUND or owner == ledger.TREASURY:
        return self.collect(books)
    return books
