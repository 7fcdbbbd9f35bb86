# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Settlement
@license AGPL-3.0-only
@author The Ringfence authors
@notice What a liquidation gives to the insurance fund, and who bears what it leaves unpaid.
@dev A loss is borne by the insurance fund's shares at the price before it, then by the fund's
     cash, then by the lenders.
"""

from ..interfaces import ICreditPool
from ..interfaces import IInsuranceFund
from ..math import fixed_point as fp
from ..math import share_math
from . import debt_ledger as ledger
from . import lender_shares as lenders
from . import pool_rules as rules
from . import share_token as share

uses: ledger
uses: lenders
uses: rules
uses: share


struct Plan:
    insurance_shares: uint256  # [share] issued to the insurance fund
    burned_shares: uint256  # [share] of the insurance fund
    total_assets: uint256  # [asset] before the loss
    loss: ICreditPool.Loss


LOSS_STOP: public(immutable(uint256))  # [WAD] of total assets


@deploy
def __init__(loss_stop: uint256):
    assert loss_stop <= fp.WAD, "pool: loss stop above 100 %"
    LOSS_STOP = loss_stop


@internal
def carry_out(books: ledger.Books, insurance: uint256, bad_debt: uint256) -> ledger.Books:
    """
    @dev Return the books once the fund has its share of the bonus and the loss is borne. The fund's
         cash comes first in time, so that nothing is half-booked while a token moves.
    """
    plan: Plan = self.plan(books, insurance, bad_debt)
    by_cash: uint256 = 0
    if plan.loss.by_cash > 0:
        by_cash = extcall IInsuranceFund(ledger.INSURANCE_FUND).cover(plan.loss.by_cash)
    after: ledger.Books = books
    after.cash += by_cash
    if insurance > 0:
        after.issued += plan.insurance_shares
        share.mint(ledger.INSURANCE_FUND, plan.insurance_shares)
        log ICreditPool.InsurancePaid(
            vault=msg.sender, assets=insurance, shares=plan.insurance_shares
        )
    if bad_debt > 0:
        after = self._write_off(after, plan, bad_debt, by_cash)
    return after


@internal
@view
def plan(books: ledger.Books, insurance: uint256, bad_debt: uint256) -> Plan:
    """
    @dev Decide what a settlement does to the insurance fund and the lenders.
    """
    plan: Plan = empty(Plan)
    total: uint256 = ledger.total_assets(books)
    supply: uint256 = lenders.supply(books)
    plan.insurance_shares = self._bought(insurance, total, supply)
    if bad_debt == 0:
        return plan

    total += insurance
    supply += plan.insurance_shares
    held: uint256 = lenders.balance_of(books, ledger.INSURANCE_FUND) + plan.insurance_shares

    worth: uint256 = share_math.to_assets_down(held, total, supply)
    by_shares: uint256 = min(bad_debt, worth)
    rest: uint256 = bad_debt - by_shares
    by_cash: uint256 = min(rest, staticcall ledger.ASSET.balanceOf(ledger.INSURANCE_FUND))
    plan.burned_shares = min(held, share_math.to_shares_up(by_shares, total, supply))
    plan.total_assets = total
    plan.loss = ICreditPool.Loss(by_shares=by_shares, by_cash=by_cash, lost=rest - by_cash)
    return plan


@internal
@pure
def _bought(assets: uint256, total: uint256, supply: uint256) -> uint256:
    """
    @dev Shares for the insurance share of a bonus: no more than there is room for, lest a
         liquidation fail. [share]
    """
    return min(share_math.to_shares_down(assets, total, supply), share.MAX_SUPPLY - supply)


@internal
def _write_off(
    books: ledger.Books, plan: Plan, bad_debt: uint256, by_cash: uint256
) -> ledger.Books:
    """
    @dev Burn shares of the fund, those that it is owed if need be, and book the lenders' loss.
    """
    lost: uint256 = bad_debt - plan.loss.by_shares - by_cash
    after: ledger.Books = books
    if plan.burned_shares > share.issued[ledger.INSURANCE_FUND]:
        after = lenders.collect(books)
    if plan.burned_shares > 0:
        share.burn(ledger.INSURANCE_FUND, plan.burned_shares)
        after.issued -= plan.burned_shares
    log ICreditPool.DebtWrittenOff(
        vault=msg.sender,
        assets=bad_debt,
        covered_by_shares=plan.loss.by_shares,
        covered_by_cash=by_cash,
        lost=lost,
        burned_shares=plan.burned_shares,
    )
    rules.brakes.book_loss(lost, fp.mul_div_down(plan.total_assets, LOSS_STOP, fp.WAD))
    return after
