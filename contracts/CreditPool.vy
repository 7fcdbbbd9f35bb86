# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Credit Pool
@license AGPL-3.0-only
@author The Ringfence authors
@notice Lends one asset to margin vaults on behalf of its depositors (ERC-4626).
@dev Debt is scaled: each vault stores its own scaled debt, the pool stores their sum, and what a
     vault owes is its scaled debt times the debt index, which grows with interest. `cash` is
     booked, so a donation does not count. The asset is plain: no fee, no rebase, no callback.
     Every rounding in this file favours the depositors.
@custom:kill The guardian pauses borrowing and deposits for at most 7 days at a time; repaying,
             withdrawing and transferring cannot be stopped.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed
from ethereum.ercs import IERC4626

from .interfaces import ICreditPool
from .interfaces import IInterestRateModel
from .math import fixed_point as fp
from .math import share_math
from .modules import credit_views
from .modules import debt_ledger as ledger
from .modules import lender_shares as lenders
from .modules import lender_views
from .modules import pool_rules as rules
from .modules import settlement
from .modules import share_token as share

implements: ICreditPool
implements: IERC20
implements: IERC4626

initializes: share
initializes: ledger
initializes: rules
initializes: lenders[ledger := ledger, rules := rules, share := share]
initializes: settlement[ledger := ledger, lenders := lenders, rules := rules, share := share]
initializes: credit_views[ledger := ledger, lenders := lenders]
initializes: lender_views[ledger := ledger, lenders := lenders]

exports: (
    # Lenders
    lenders.deposit,
    lenders.mint,
    lenders.withdraw,
    lenders.redeem,
    lender_views.asset,
    lender_views.totalAssets,
    lender_views.convertToShares,
    lender_views.convertToAssets,
    lender_views.previewDeposit,
    lender_views.previewMint,
    lender_views.previewWithdraw,
    lender_views.previewRedeem,
    lender_views.maxDeposit,
    lender_views.maxMint,
    lender_views.maxWithdraw,
    lender_views.maxRedeem,
    # Shares
    lenders.transfer,
    lenders.transferFrom,
    lenders.balanceOf,
    lenders.totalSupply,
    share.name,
    share.symbol,
    share.decimals,
    share.allowance,
    share.nonces,
    share.approve,
    share.permit,
    share.DOMAIN_SEPARATOR,
    # Books
    credit_views.debt_of,
    credit_views.total_debt,
    credit_views.total_scaled_debt,
    credit_views.debt_index,
    credit_views.cash,
    credit_views.borrow_rate,
    # Rules
    rules.FACTORY,
    rules.notice.NOTICE,
    rules.notice.ready_at,
    rules.announce,
    rules.cancel,
    rules.set_caps,
    rules.set_debt_limits,
    rules.supply_cap,
    rules.borrow_cap,
    rules.min_debt,
    rules.max_debt,
    rules.pause,
    rules.lower_pause,
    rules.resume_borrowing,
    rules.pause_level,
    rules.borrowing_stopped,
    rules.brakes.lender_losses,
    ledger.INSURANCE_FUND,
    ledger.TREASURY,
    ledger.RATE_MODEL,
    ledger.INSURANCE_SHARE,
    ledger.TREASURY_SHARE,
    settlement.LOSS_STOP,
)

# -- Configuration ---------------------------------------------------------------------------------


struct Terms:
    name: String[25]
    symbol: String[16]
    insurance_share: uint256  # [WAD] of interest
    treasury_share: uint256  # [WAD] of interest
    loss_stop: uint256  # [WAD] of total assets: losses of the lenders above it stop borrowing
    supply_cap: uint256  # [asset]
    borrow_cap: uint256  # [asset]
    min_debt: uint256  # [asset] of one vault
    max_debt: uint256  # [asset] of one vault
    notice: uint256  # [s]


@deploy
def __init__(
    asset: IERC20,
    rate_model: IInterestRateModel,
    factory: address,
    insurance_fund: address,
    treasury: address,
    terms: Terms,
):
    """
    @param asset Token that depositors supply and vaults borrow.
    @param rate_model Source of the borrow rate.
    @param factory Address at which the vault factory will stand; it asserts its way back here.
    @param insurance_fund Address at which the insurance fund will stand; it asserts the same.
    @param treasury Receiver of the treasury's share of interest.
    @param terms Everything else.
    """
    decimals: uint8 = staticcall IERC20Detailed(asset.address).decimals()
    rules.__init__(
        factory,
        terms.notice,
        terms.supply_cap,
        terms.borrow_cap,
        terms.min_debt,
        terms.max_debt,
    )
    share.__init__(terms.name, terms.symbol, decimals + share_math.DECIMALS_OFFSET)
    ledger.__init__(
        asset,
        insurance_fund,
        treasury,
        rate_model,
        terms.insurance_share,
        terms.treasury_share,
    )
    settlement.__init__(terms.loss_stop)


# -- Vaults ----------------------------------------------------------------------------------------


@external
def borrow(assets: uint256, receiver: address, scaled_debt: uint256) -> (uint256, uint256):
    """
    @notice Lend `assets` to the calling vault and send them to `receiver`.
    @dev The vault's own code answers for its health, the pool for its cash and its limits.
    @param assets Amount to lend. [asset]
    @param receiver Account that gets the assets.
    @param scaled_debt The vault's scaled debt before. [asset / index]
    @return The vault's scaled debt after, rounded up [asset / index], and what it owes [asset].
    """
    rules.check_vault(msg.sender)
    rules.brakes.check_borrowing()
    books: ledger.Books = lenders.books()
    assert assets > 0, "pool: zero assets"
    assert assets <= books.cash, "pool: insufficient cash"

    added: uint256 = fp.mul_div_up(assets, fp.RAY, books.index)
    after: uint256 = scaled_debt + added
    debt: uint256 = ledger.debt_at(books.index, after)
    books.cash -= assets
    books.scaled_debt += added
    rules.check_debt(debt, ledger.total_debt(books))
    ledger.store(books)
    log ICreditPool.Borrowed(vault=msg.sender, receiver=receiver, assets=assets, scaled_debt=after)

    assert extcall ledger.ASSET.transfer(
        receiver, assets, default_return_value=True
    ), "pool: transfer failed"
    return after, debt


@external
def repay(assets: uint256, scaled_debt: uint256) -> uint256:
    """
    @notice Book `assets`, which the calling vault has moved here, against its debt.
    @param assets What `repayable` says, or less. [asset]
    @param scaled_debt The vault's scaled debt before. [asset / index]
    @return The vault's scaled debt after. [asset / index]
    """
    rules.check_vault(msg.sender)
    books: ledger.Books = lenders.books()
    left: uint256 = self._left(books, assets, scaled_debt)

    books.cash += assets
    books.scaled_debt -= scaled_debt - left
    ledger.store(books)
    log ICreditPool.Repaid(vault=msg.sender, assets=assets, scaled_debt=left)

    lenders.check_received(books)
    return left


@external
def settle(assets: uint256, insurance: uint256, scaled_debt: uint256, bad_debt: uint256) -> uint256:
    """
    @notice Book the outcome of a liquidation of the calling vault, which has moved
            `assets + insurance` here: repayment, insurance share and loss.
    @dev A loss is borne by the insurance fund's shares at the price before it, then by the fund's
         cash, then by the lenders.
    @param assets Repayment. [asset]
    @param insurance Share of the bonus, for which the fund gets shares. [asset]
    @param scaled_debt The vault's scaled debt before. [asset / index]
    @param bad_debt What is lost: all that the repayment leaves, or nothing. [asset]
    @return The vault's scaled debt after. [asset / index]
    """
    rules.check_vault(msg.sender)
    books: ledger.Books = lenders.books()
    left: uint256 = self._left_settled(books, assets, scaled_debt, bad_debt)
    if insurance + bad_debt > 0:
        books = settlement.carry_out(books, insurance, bad_debt)

    books.cash += assets + insurance
    books.scaled_debt -= scaled_debt - left
    ledger.store(books)
    log ICreditPool.Repaid(vault=msg.sender, assets=assets, scaled_debt=left)

    lenders.check_received(books)
    return left


# -- Anyone ----------------------------------------------------------------------------------------


@external
def accrue():
    """
    @notice Write the interest of the time since the last accrual into the books.
    """
    ledger.store(lenders.books())


@external
def collect():
    """
    @notice Issue the shares of interest owed to the insurance fund and the treasury.
    """
    ledger.store(lenders.collect(lenders.books()))


# -- Views -----------------------------------------------------------------------------------------


@external
@view
def repayable(assets: uint256, scaled_debt: uint256) -> uint256:
    """
    @notice Return how much of `assets` a vault with this scaled debt can repay: all of its debt,
            or at most what leaves the smallest debt and burns some of it.
    @param assets Amount at hand. [asset]
    @param scaled_debt Scaled debt. [asset / index]
    @return Amount to repay; 0 if only the whole debt can be repaid and `assets` is less. [asset]
    """
    index: uint256 = ledger.index_now()
    debt: uint256 = ledger.debt_at(index, scaled_debt)
    if assets >= debt:
        return debt
    part: uint256 = min(assets, debt - min(debt, rules.smallest_debt()))
    return part if ledger.burned_at(index, part) > 0 else 0


@external
@view
def quote_settlement(
    assets: uint256, insurance: uint256, scaled_debt: uint256, bad_debt: uint256
) -> ICreditPool.Loss:
    """
    @notice Return who would bear `bad_debt` if `settle` booked this now, or refuse it as it would.
    @param assets Repayment. [asset]
    @param insurance Share of the bonus, for which the fund gets shares. [asset]
    @param scaled_debt The vault's scaled debt before. [asset / index]
    @param bad_debt What is lost: all that the repayment leaves, or nothing. [asset]
    @return Parts of the loss; they add up to `bad_debt`. [asset]
    """
    books: ledger.Books = lenders.books()
    self._left_settled(books, assets, scaled_debt, bad_debt)
    return settlement.plan(books, insurance, bad_debt).loss


# -- Internals -------------------------------------------------------------------------------------


@internal
@pure
def _left(books: ledger.Books, assets: uint256, scaled_debt: uint256) -> uint256:
    """
    @dev Scaled debt after a repayment: the whole debt burns all, a part burns rounded down.
    """
    debt: uint256 = ledger.debt_at(books.index, scaled_debt)
    assert assets <= debt, "pool: more than the debt"
    if assets == debt:
        return 0
    burned: uint256 = ledger.burned_at(books.index, assets)
    assert burned > 0, "pool: repays nothing"
    return scaled_debt - burned


@internal
@pure
def _left_settled(
    books: ledger.Books, assets: uint256, scaled_debt: uint256, bad_debt: uint256
) -> uint256:
    if bad_debt == 0:
        return self._left(books, assets, scaled_debt)
    assert assets + bad_debt == ledger.debt_at(books.index, scaled_debt), "pool: not the whole debt"
    return 0
