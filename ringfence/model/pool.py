"""Executable specification of `CreditPool.vy`, with `modules/settlement.vy` and
`modules/credit_views.vy`.

Every method mirrors the contract function of the same name and must return the same integer: the
tests compare the two with `==`, never with a tolerance.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from ringfence.model import debt_ledger as ledger
from ringfence.model import shares
from ringfence.model.chain import Chain, Erc20, transaction
from ringfence.model.debt_ledger import Books, DebtLedger
from ringfence.model.fixed_point import RAY, WAD, mul_div_down, mul_div_up, uint
from ringfence.model.lender_shares import LenderShares
from ringfence.model.pool_rules import PoolRules, Registry
from ringfence.model.rates import RateModel
from ringfence.model.refusal import check
from ringfence.model.share_token import MAX_SUPPLY, ShareToken


class Cover(Protocol):
    """What the pool asks of its insurance fund."""

    def cover(self, assets: int, *, sender: str) -> int:
        """Pay the pool up to `assets` of a loss [asset]."""


@dataclass(frozen=True)
class PoolTerms:
    """What a pool is deployed with, names aside."""

    insurance_share: int  # [WAD] of interest
    treasury_share: int  # [WAD] of interest
    loss_stop: int  # [WAD] of total assets: losses of the lenders above it stop borrowing
    supply_cap: int  # [asset]
    borrow_cap: int  # [asset]
    min_debt: int  # [asset] of one vault
    max_debt: int  # [asset] of one vault
    notice: int  # [s]


@dataclass(frozen=True)
class Loss:
    """Who bears a bad debt."""

    by_shares: int  # [asset]
    by_cash: int  # [asset]
    lost: int  # [asset]


@dataclass(frozen=True)
class Plan:
    """What a settlement does to the insurance fund and the lenders."""

    insurance_shares: int  # [share] issued to the insurance fund
    burned_shares: int  # [share] of the insurance fund
    total_assets: int  # [asset] before the loss
    loss: Loss


class PoolModel(LenderShares):
    """The pool's books, in the pool's own units."""

    fund: Cover  # set by the market, as the fund is deployed after the pool

    def __init__(
        self,
        chain: Chain,
        address: str,
        asset: Erc20,
        rate_model: RateModel,
        factory: Registry,
        insurance_fund: str,
        treasury: str,
        terms: PoolTerms,
    ) -> None:
        check(terms.loss_stop <= WAD, "pool: loss stop above 100 %")
        PoolRules.__init__(
            self,
            chain,
            address,
            factory,
            terms.notice,
            terms.supply_cap,
            terms.borrow_cap,
            terms.min_debt,
            terms.max_debt,
        )
        ShareToken.__init__(self, chain, address, asset.decimals + shares.DECIMALS_OFFSET)
        DebtLedger.__init__(
            self,
            chain,
            address,
            asset,
            insurance_fund,
            treasury,
            rate_model,
            terms.insurance_share,
            terms.treasury_share,
        )
        self.loss_stop = terms.loss_stop  # [WAD]

    # -- Vaults ------------------------------------------------------------------------------------

    @transaction
    def borrow(
        self, assets: int, receiver: str, scaled_debt: int, *, sender: str
    ) -> tuple[int, int]:
        """Lend `assets` [asset] to a vault with this scaled debt [asset / index].

        Return its scaled debt after, rounded up [asset / index], and what it owes [asset].
        """
        self._check_vault(sender)
        self._check_borrowing()
        books = self.books()
        check(assets > 0, "pool: zero assets")
        check(assets <= books.cash, "pool: insufficient cash")

        added = mul_div_up(assets, RAY, books.index)
        after = uint(scaled_debt + added)
        debt = ledger.debt_of(books, after)
        books = replace(
            books, cash=books.cash - assets, scaled_debt=uint(books.scaled_debt + added)
        )
        self._check_debt(debt, ledger.total_debt(books))
        self._store(books)

        is_sent = self._asset.transfer(receiver, assets, sender=self.address)
        check(is_sent, "pool: transfer failed")
        return after, debt

    @transaction
    def repay(self, assets: int, scaled_debt: int, *, sender: str) -> int:
        """Book `assets` [asset] that have arrived against a vault's debt.

        Return its scaled debt after [asset / index].
        """
        self._check_vault(sender)
        books = self.books()
        left = self._left(books, assets, scaled_debt)
        books = replace(
            books,
            cash=uint(books.cash + assets),
            scaled_debt=uint(books.scaled_debt - (scaled_debt - left)),
        )
        self._store(books)
        self._check_received(books)
        return left

    @transaction
    def settle(
        self, assets: int, insurance: int, scaled_debt: int, bad_debt: int, *, sender: str
    ) -> int:
        """Book repayment, insurance share and loss [asset] of a liquidation.

        Return the vault's scaled debt after [asset / index].
        """
        self._check_vault(sender)
        books = self.books()
        left = self._left_settled(books, assets, scaled_debt, bad_debt)
        plan = self._plan(books, insurance, bad_debt)
        by_cash = 0
        if plan.loss.by_cash > 0:
            by_cash = self.fund.cover(plan.loss.by_cash, sender=self.address)
        if insurance > 0:
            books = replace(books, issued=books.issued + plan.insurance_shares)
            self._mint(self.insurance_fund, plan.insurance_shares)
        if bad_debt > 0:
            books = self._write_off(books, plan, bad_debt - by_cash)

        books = replace(
            books,
            cash=uint(books.cash + by_cash + assets + insurance),
            scaled_debt=uint(books.scaled_debt - (scaled_debt - left)),
        )
        self._store(books)
        self._check_received(books)
        return left

    # -- Anyone ------------------------------------------------------------------------------------

    @transaction
    def accrue(self) -> None:
        """Write the interest since the last accrual into the books."""
        self._store(self.books())

    @transaction
    def collect(self) -> None:
        """Issue the shares of interest owed to the insurance fund and the treasury."""
        self._store(self._collected(self.books()))

    # -- Views -------------------------------------------------------------------------------------

    def debt_of(self, scaled_debt: int) -> int:
        """What a vault with this scaled debt [asset / index] owes now, rounded up [asset]."""
        return ledger.debt_of(self.books(), scaled_debt)

    def repayable(self, assets: int, scaled_debt: int) -> int:
        """How much of `assets` [asset] a vault with this scaled debt can repay [asset].

        All of its debt, or at most what leaves the smallest and burns some of it; 0 if only all
        of it can be repaid.
        """
        books = self.books()
        debt = ledger.debt_of(books, scaled_debt)
        if assets >= debt:
            return debt
        part = min(assets, debt - min(debt, self.min_debt()))
        return part if ledger.burned_by(books, part) > 0 else 0

    def quote_settlement(
        self, assets: int, insurance: int, scaled_debt: int, bad_debt: int
    ) -> Loss:
        """Who would bear `bad_debt` [asset] if `settle` booked this now; refuses as it would."""
        books = self.books()
        self._left_settled(books, assets, scaled_debt, bad_debt)
        return self._plan(books, insurance, bad_debt).loss

    def total_debt(self) -> int:
        """What all vaults owe now, rounded down [asset]."""
        return ledger.total_debt(self.books())

    def total_scaled_debt(self) -> int:
        """Sum of the scaled debts of all vaults [asset / index]."""
        return self.books().scaled_debt

    def debt_index(self) -> int:
        """The debt index now [RAY]."""
        return self.books().index

    def cash(self) -> int:
        """What is booked as received and not lent [asset]."""
        return self.books().cash

    def borrow_rate(self) -> int:
        """The rate that vaults pay from now on [RAY / s]."""
        return self.books().rate

    # -- Internals ---------------------------------------------------------------------------------

    @staticmethod
    def _left(books: Books, assets: int, scaled_debt: int) -> int:
        """Scaled debt after a repayment: the whole burns all, a part burns rounded down."""
        debt = ledger.debt_of(books, scaled_debt)
        check(assets <= debt, "pool: more than the debt")
        if assets == debt:
            return 0
        burned = ledger.burned_by(books, assets)
        check(burned > 0, "pool: repays nothing")
        return uint(scaled_debt - burned)

    def _left_settled(self, books: Books, assets: int, scaled_debt: int, bad_debt: int) -> int:
        """Scaled debt after a settlement: none where the rest is lost [asset / index]."""
        if bad_debt == 0:
            return self._left(books, assets, scaled_debt)
        debt = ledger.debt_of(books, scaled_debt)
        check(uint(assets + bad_debt) == debt, "pool: not the whole debt")
        return 0

    def _plan(self, books: Books, insurance: int, bad_debt: int) -> Plan:
        total = ledger.total_assets(books)
        supply = self._supply(books)
        bought = shares.to_shares_down(insurance, total, supply)
        minted = min(bought, MAX_SUPPLY - supply)
        total = uint(total + insurance)
        supply = uint(supply + minted)
        held = uint(self._balance_of(books, self.insurance_fund) + minted)

        worth = shares.to_assets_down(held, total, supply)
        by_shares = min(bad_debt, worth)
        burned = min(held, shares.to_shares_up(by_shares, total, supply))
        rest = bad_debt - by_shares
        by_cash = min(rest, self._asset.balanceOf(self.insurance_fund))
        return Plan(
            insurance_shares=minted,
            burned_shares=burned,
            total_assets=total,
            loss=Loss(by_shares=by_shares, by_cash=by_cash, lost=rest - by_cash),
        )

    def _write_off(self, books: Books, plan: Plan, uncovered: int) -> Books:
        """Burn shares of the fund, those that it is owed if need be; lenders lose the rest."""
        if plan.burned_shares > self.issued.get(self.insurance_fund, 0):
            books = self._collected(books)
        self._burn(self.insurance_fund, plan.burned_shares)
        lost = uint(uncovered - plan.loss.by_shares)
        self._book_loss(lost, mul_div_down(plan.total_assets, self.loss_stop, WAD))
        return replace(books, issued=books.issued - plan.burned_shares)
