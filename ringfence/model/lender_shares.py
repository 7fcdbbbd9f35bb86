"""Mirror of `modules/lender_shares.vy` and `modules/lender_views.vy`: what lenders do and see."""

from dataclasses import replace

from ringfence.model import debt_ledger as ledger
from ringfence.model import shares
from ringfence.model.chain import transaction
from ringfence.model.debt_ledger import Books, DebtLedger
from ringfence.model.fixed_point import uint
from ringfence.model.pool_rules import PoolRules
from ringfence.model.refusal import check
from ringfence.model.share_token import MAX_SUPPLY, ShareToken


class LenderShares(PoolRules, DebtLedger, ShareToken):
    """ERC-4626 over the books of the pool, ERC-20 over its shares."""

    # -- ERC-4626: in ------------------------------------------------------------------------------

    @transaction
    def deposit(self, assets: int, receiver: str, *, sender: str) -> int:
        """Lend `assets` [asset]; return the shares issued, rounded down [share]."""
        books = self.books()
        self._check_room(books, assets)
        issued = self._to_shares_down(books, assets)
        self._take_in(books, assets, issued, receiver, sender)
        return issued

    @transaction
    def mint(self, shares: int, receiver: str, *, sender: str) -> int:
        """Lend as much as `shares` [share] cost; return the assets pulled, rounded up [asset]."""
        check(shares <= MAX_SUPPLY, "share: supply above 128 bits")
        books = self.books()
        assets = self._to_assets_up(books, shares)
        self._check_room(books, assets)
        self._take_in(books, assets, shares, receiver, sender)
        return assets

    # -- ERC-4626: out -----------------------------------------------------------------------------

    @transaction
    def withdraw(self, assets: int, receiver: str, owner: str, *, sender: str) -> int:
        """Take back `assets` [asset]; return the shares burned, rounded up [share]."""
        books = self.books()
        check(assets <= books.cash, "pool: insufficient cash")
        burned = self._to_shares_up(books, assets)
        self._pay_out(books, assets, burned, receiver, owner, sender)
        return burned

    @transaction
    def redeem(self, shares: int, receiver: str, owner: str, *, sender: str) -> int:
        """Give back `shares` [share]; return the assets sent, rounded down [asset]."""
        books = self.books()
        check(shares <= self._balance_of(books, owner), "share: balance too low")
        assets = self._to_assets_down(books, shares)
        check(assets <= books.cash, "pool: insufficient cash")
        self._pay_out(books, assets, shares, receiver, owner, sender)
        return assets

    # -- ERC-20 ------------------------------------------------------------------------------------

    @transaction
    def transfer(self, receiver: str, amount: int, *, sender: str) -> bool:
        """Send shares of the caller [share]."""
        self._move(sender, receiver, amount)
        return True

    @transaction
    def transferFrom(self, owner: str, receiver: str, amount: int, *, sender: str) -> bool:
        """Send shares of an owner who allowed it [share]."""
        self._spend_allowance(owner, sender, amount)
        self._move(owner, receiver, amount)
        return True

    def balanceOf(self, owner: str) -> int:
        """Shares of an account, those owed to it included [share]."""
        return self._balance_of(self.books(), owner)

    def totalSupply(self) -> int:
        """All shares, those owed to the reserves included [share]."""
        return self._supply(self.books())

    # -- ERC-4626: views ---------------------------------------------------------------------------

    def asset(self) -> str:
        """Credit asset."""
        return self._asset.address

    def totalAssets(self) -> int:
        """Cash and debt [asset]."""
        return ledger.total_assets(self.books())

    def convertToShares(self, assets: int) -> int:
        """Shares that `assets` are worth, rounded down [share]."""
        return self._to_shares_down(self.books(), assets)

    def convertToAssets(self, shares: int) -> int:
        """Assets that `shares` are worth, rounded down [asset]."""
        return self._to_assets_down(self.books(), shares)

    def previewDeposit(self, assets: int) -> int:
        """Shares that a deposit would issue in this block [share]."""
        return self._to_shares_down(self.books(), assets)

    def previewMint(self, shares: int) -> int:
        """Assets that minting would cost in this block [asset]."""
        return self._to_assets_up(self.books(), shares)

    def previewWithdraw(self, assets: int) -> int:
        """Shares that withdrawing would burn in this block [share]."""
        return self._to_shares_up(self.books(), assets)

    def previewRedeem(self, shares: int) -> int:
        """Assets that redeeming would pay in this block [asset]."""
        return self._to_assets_down(self.books(), shares)

    def maxDeposit(self, receiver: str) -> int:
        """The most that can be deposited in this block [asset]."""
        books = self.books()
        room = self._room(books)
        return room if self._to_shares_down(books, room) > 0 else 0

    def maxMint(self, receiver: str) -> int:
        """The most shares that can be minted in this block [share]."""
        books = self.books()
        return min(self._to_shares_down(books, self._room(books)), self._mintable(books))

    def maxWithdraw(self, owner: str) -> int:
        """The most that an account can withdraw in this block [asset]."""
        books = self.books()
        return min(self._to_assets_down(books, self._balance_of(books, owner)), books.cash)

    def maxRedeem(self, owner: str) -> int:
        """The most shares that an account can redeem in this block [share]."""
        books = self.books()
        balance = self._balance_of(books, owner)
        worth = self._to_assets_down(books, balance)
        if 0 < worth <= books.cash:
            return balance
        most = min(balance, self._to_shares_up(books, books.cash + 1) - 1)
        return most if self._to_assets_down(books, most) > 0 else 0

    # -- For the host ------------------------------------------------------------------------------

    def books(self) -> Books:
        """The books as of this block."""
        return self._load()

    def _supply(self, books: Books) -> int:
        return uint(books.issued + books.owed)

    def _balance_of(self, books: Books, owner: str) -> int:
        balance = self.issued.get(owner, 0)
        if owner == self.insurance_fund:
            balance += self._insurance_part(books.owed)
        if owner == self.treasury:
            balance += books.owed - self._insurance_part(books.owed)
        return balance

    def _to_shares_down(self, books: Books, assets: int) -> int:
        return shares.to_shares_down(assets, ledger.total_assets(books), self._supply(books))

    def _to_shares_up(self, books: Books, assets: int) -> int:
        return shares.to_shares_up(assets, ledger.total_assets(books), self._supply(books))

    def _to_assets_down(self, books: Books, burned: int) -> int:
        return shares.to_assets_down(burned, ledger.total_assets(books), self._supply(books))

    def _to_assets_up(self, books: Books, issued: int) -> int:
        return shares.to_assets_up(issued, ledger.total_assets(books), self._supply(books))

    def _collected(self, books: Books) -> Books:
        """Issue the shares owed to the reserves; totals and balances do not change by it."""
        insurance = self._insurance_part(books.owed)
        treasury = books.owed - insurance
        if insurance > 0:
            self._mint(self.insurance_fund, insurance)
        if treasury > 0:
            self._mint(self.treasury, treasury)
        return replace(books, issued=books.issued + books.owed, owed=0)

    def _check_received(self, books: Books) -> None:
        check(self._asset.balanceOf(self.address) >= books.cash, "pool: payment missing")

    def _room(self, books: Books) -> int:
        """What the pause, the supply cap and the largest supply leave to deposit [asset]."""
        return min(
            self._rules_room(ledger.total_assets(books)),
            self._to_assets_down(books, self._mintable(books)),
        )

    def _mintable(self, books: Books) -> int:
        """Lenders fill half of the largest supply; the rest is for the reserves [share]."""
        return MAX_SUPPLY // 2 - min(self._supply(books), MAX_SUPPLY // 2)

    # -- Internals ---------------------------------------------------------------------------------

    def _check_room(self, books: Books, assets: int) -> None:
        check(self.pause_level() == 0, "pool: paused")
        check(assets <= self._room(books), "pool: supply cap reached")

    def _take_in(self, books: Books, assets: int, issued: int, receiver: str, sender: str) -> None:
        check(assets > 0 and issued > 0, "pool: nothing to deposit")
        after = replace(books, cash=books.cash + assets, issued=books.issued + issued)
        self._store(after)
        self._mint(receiver, issued)
        is_sent = self._asset.transferFrom(sender, self.address, assets, sender=self.address)
        check(is_sent, "pool: transfer failed")
        self._check_received(after)

    def _pay_out(
        self, books: Books, assets: int, burned: int, receiver: str, owner: str, sender: str
    ) -> None:
        check(assets > 0 and burned > 0, "pool: nothing to withdraw")
        self._spend_allowance(owner, sender, burned)
        after = self._collected_for(owner, books)
        self._burn(owner, burned)
        cash, issued = uint(after.cash - assets), uint(after.issued - burned)
        self._store(replace(after, cash=cash, issued=issued))
        is_sent = self._asset.transfer(receiver, assets, sender=self.address)
        check(is_sent, "pool: transfer failed")

    def _move(self, owner: str, receiver: str, amount: int) -> None:
        if owner in (self.insurance_fund, self.treasury):
            self._store(self._collected_for(owner, self.books()))
        self._move_issued(owner, receiver, amount)

    def _collected_for(self, owner: str, books: Books) -> Books:
        """A reserve that spends shares first gets those it is owed."""
        if owner in (self.insurance_fund, self.treasury):
            return self._collected(books)
        return books
