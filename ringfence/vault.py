"""Handle on one vault: `Decimal` amounts in whole tokens in and out.

Every method that sends a transaction names its `sender`, waits until it is mined, and says what
happened as the vault's own event tells it. What a contract refuses is raised as a `Refused`, in
words that say what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ringfence.calls import send_all
from ringfence.exceptions import AmountError, RingfenceError
from ringfence.market import Market, label_bytes
from ringfence.quotes import Bounds, Quote, bounds_of, largest_insurance
from ringfence.reading import BlockReader
from ringfence.reasons import explained
from ringfence.snapshot import VaultState, take_snapshot
from ringfence.units import MAX_UINT, added, format_number, from_base, from_wad, percent, to_base
from ringfence.vault_calls import VaultCalls

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI
    from ape.contracts import ContractInstance

CLASSES = {1: "client", 2: "house"}
SLIPPAGE = percent(1)  # how far a liquidation may go from its quote, unless told otherwise


@dataclass(frozen=True)
class MarginSummary:
    """The margin state of a vault; values in the quote currency, the rest ratios."""

    collateral_value: Decimal
    debt_value: Decimal
    equity: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    health: Decimal | None  # None without debt
    available_funds: Decimal
    excess_liquidity: Decimal
    cushion: Decimal
    debt: Decimal  # [asset]

    def __repr__(self) -> str:
        values = {name.replace("_", " "): value for name, value in vars(self).items()}
        return "\n".join(f"{name:<19} {_shown(value)}" for name, value in values.items())


@dataclass(frozen=True)
class Settlement:
    """What a liquidation did, or would do."""

    repaid: Decimal  # [asset] by the liquidator
    insurance: Decimal  # [asset] by the liquidator, on top
    seized: Decimal  # [token] to the liquidator
    covered: Decimal  # [asset] of a loss, by the insurance fund
    lost: Decimal  # [asset] of a loss, by the lenders

    @property
    def payment(self) -> Decimal:
        """All that the liquidator pays. [asset]"""
        return added(self.repaid, self.insurance)


@dataclass(frozen=True)
class Vault:
    """One vault of a market."""

    market: Market
    contract: ContractInstance

    @classmethod
    def at(cls, market: Market, address: str) -> Vault:
        """Return the vault at an address.

        :raises AmountError: if no vault of this market stands there.
        """
        if market.factory.vault_id(address) == 0:
            raise AmountError(f"{address} is no vault of market {market.name}; check the address")
        return cls(market, market.vault_at(address))

    @classmethod
    def open(cls, market: Market, owner: object, label: str, sender: AccountAPI) -> Vault:
        """Open a client vault for `owner`, and return it; `sender` pays for the transaction."""
        with explained():
            send_all(market.calls_to_open(label, owner), sender)
        return cls(market, market.vault_of(owner, label))

    @classmethod
    def open_house(cls, market: Market, label: str, sender: AccountAPI) -> Vault:
        """Open a vault for the platform's own money; `sender` is the market's owner."""
        with explained():
            send_all(market.calls_to_open(label), sender)
        return cls(market, market.house_vault_of(label))

    @property
    def calls(self) -> VaultCalls:
        """What moves the vault, as calls for others to send."""
        return VaultCalls(self.market, self.contract)

    def __repr__(self) -> str:
        """Say what it is and how it stands, as far as the chain tells."""
        try:
            margin = self.margin
        except RingfenceError as error:
            return f"<vault {self.address}: {error}>"
        owed = f"{_shown(margin.debt)} {self.market.asset_symbol}"
        return (
            f"<vault {self.address} of {self.owner}: debt {owed}, health {_shown(margin.health)}>"
        )

    # -- What it is ------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where the vault stands, for good."""
        return str(self.contract.address)

    @property
    def owner(self) -> str:
        """The only account that can take tokens out while health is fine."""
        return str(self.contract.owner())

    @property
    def fund_class(self) -> str:
        """Whose kind of money this is: "client" or "house"."""
        return CLASSES[self.contract.fund_class()]

    def has_label(self, label: str) -> bool:
        """Tell whether the vault was opened under this label for its present owner."""
        return bool(self.market.factory.vault_of(self.owner, label_bytes(label)) == self.address)

    # -- What is in it ---------------------------------------------------------------------------

    def balance(self, symbol: str) -> Decimal:
        """Return how much of a token the vault holds. [token]"""
        token = self.market.token(symbol)
        return from_base(token.balanceOf(self.contract), token.decimals())

    def debt(self) -> Decimal:
        """Return what the vault owes now. [asset]"""
        return self._assets(self.contract.debt())

    def collaterals(self) -> tuple[str, ...]:
        """Return the symbols of the tokens that count as collateral."""
        return tuple(self.market.symbol_of(token) for token in self.contract.collaterals())

    @property
    def margin(self) -> MarginSummary:
        """The margin state now, as the engine sees it.

        :raises DeadPrice: if the vault owes and the price of the credit asset is dead.
        """
        with explained():
            margin = self.market.engine.margin_of(self.contract)
        return MarginSummary(
            collateral_value=from_wad(margin.collateral_value),
            debt_value=from_wad(margin.debt_value),
            equity=from_wad(margin.equity),
            initial_margin=from_wad(margin.initial_margin),
            maintenance_margin=from_wad(margin.maintenance_margin),
            health=None if margin.health == MAX_UINT else from_wad(margin.health),
            available_funds=from_wad(margin.available_funds),
            excess_liquidity=from_wad(margin.excess_liquidity),
            cushion=from_wad(margin.cushion),
            debt=self._assets(margin.debt),
        )

    def snapshot(self, block: int | None = None) -> VaultState:
        """Return all that previews decide upon, as of a block, the latest unless told."""
        with explained():
            return take_snapshot(self.market, self.contract, block)

    # -- Collateral ------------------------------------------------------------------------------

    def deposit(self, symbol: str, amount: Decimal, sender: AccountAPI) -> Decimal:
        """Move a listed token from `sender` into the vault; approves exactly that much before.

        :return: what arrived. [token]
        """
        with explained():
            receipt = send_all(self.calls.deposit(symbol, amount, sender), sender)
        return from_base(self._event(receipt, "Deposited").amount, self._decimals(symbol))

    def withdraw(
        self,
        symbol: str,
        amount: Decimal | None,
        sender: AccountAPI,
        receiver: object | None = None,
    ) -> Decimal:
        """Take a token out of the vault; `sender` is its owner.

        :param amount: how much [token]; None for all there is.
        :param receiver: who gets it; the sender unless named.
        :return: what left. [token]
        """
        with explained():
            calls = self.calls.withdraw(symbol, amount, receiver or sender)
            receipt = send_all(calls, sender)
        return from_base(self._event(receipt, "Withdrawn").amount, self._decimals(symbol))

    def enable(self, symbol: str, sender: AccountAPI) -> None:
        """Let a token count as collateral, and be seized if the vault is short."""
        with explained():
            send_all(self.calls.enable(symbol), sender)

    def disable(self, symbol: str, sender: AccountAPI) -> None:
        """Let a token count no more, if the others carry the debt."""
        with explained():
            send_all(self.calls.disable(symbol), sender)

    # -- Debt ------------------------------------------------------------------------------------

    def borrow(
        self, amount: Decimal, sender: AccountAPI, receiver: object | None = None
    ) -> Decimal:
        """Borrow the credit asset; `sender` is the vault's owner.

        :param amount: how much. [asset]
        :param receiver: who gets it, the vault itself included; the sender unless named.
        :return: debt afterwards. [asset]
        """
        with explained():
            receipt = send_all(self.calls.borrow(amount, receiver or sender), sender)
        return self._assets(self._event(receipt, "Borrowed").debt)

    def repay(self, amount: Decimal | None, sender: AccountAPI) -> Decimal:
        """Repay debt with money of `sender`, whoever that is.

        :param amount: at most this much [asset]; None for all of the debt.
        :return: what was paid: a rest below the smallest debt is never left. [asset]
        """
        with explained():
            receipt = send_all(self.calls.repay(amount, sender), sender)
        return self._assets(self._event(receipt, "Repaid").assets)

    def repay_from_vault(self, amount: Decimal | None, sender: AccountAPI) -> Decimal:
        """Repay debt with the credit asset in the vault; `sender` is its owner.

        :param amount: at most this much [asset]; None for all there is, up to the debt.
        :return: what was paid. [asset]
        """
        with explained():
            receipt = send_all(self.calls.repay_from_vault(amount), sender)
        return self._assets(self._event(receipt, "Repaid").assets)

    # -- Liquidation -----------------------------------------------------------------------------

    def quote(self, symbol: str, most: Decimal | None = None) -> Quote:
        """Return what liquidating the vault would do in the latest block, in base units.

        :param symbol: collateral to seize.
        :param most: most to repay [asset]; None for as much as may be.
        :raises NotLiquidatable: if it may not happen.
        """
        token = self.market.token(symbol)
        ask = self.market.engine.quote_liquidation
        with explained():
            read = BlockReader.at(self.market.provider)
            told = read(ask, self.contract, token, MAX_UINT if most is None else self._units(most))
        return Quote(self.market.symbol_of(str(token.address)), *told)

    def quote_liquidation(self, symbol: str, most: Decimal | None = None) -> Settlement:
        """Return the same in whole tokens; raises as `quote` does."""
        quote = self.quote(symbol, most)
        return Settlement(
            repaid=self._assets(quote.repaid),
            insurance=self._assets(quote.insurance),
            seized=from_base(quote.seized, self.market.token(symbol).decimals()),
            covered=self._assets(quote.covered),
            lost=self._assets(quote.lost),
        )

    def bounds(
        self, quote: Quote, slippage: Decimal = SLIPPAGE, most: Decimal | None = None
    ) -> Bounds:
        """Return how far a liquidation may go from a quote, whatever the price does meanwhile.

        :param slippage: share by which the repayment may grow, beside the interest of a few
            minutes, and the seizure shrink.
        :param most: most to repay, whatever was quoted [asset]; None for no such limit.
        """
        limit = None if most is None else self._units(most)
        return bounds_of(quote, slippage, limit, self.insurance_share())

    def insurance_share(self) -> int:
        """Return the largest share of a repayment that its liquidator adds for insurance. [WAD]"""
        with explained():
            terms = self.market.engine.liquidation_terms()
        return largest_insurance(terms.max_bonus, terms.insurance_share)

    def liquidate(
        self, symbol: str, sender: AccountAPI, bounds: Bounds, receiver: object | None = None
    ) -> Settlement:
        """Repay debt of a vault that is short with money of `sender`, and seize collateral for it.

        :param symbol: collateral to seize.
        :param bounds: what it may cost and must bring; exactly its payment is approved before.
        :param receiver: who gets the collateral; the sender unless named.
        """
        with explained():
            calls = self.calls.liquidate(symbol, sender, bounds, receiver or sender)
            receipt = send_all(calls, sender)
        return self.settlement(receipt, symbol)

    def realise_loss(self, sender: AccountAPI) -> Settlement:
        """Write off the debt of the vault, once no collateral above dust is left."""
        with explained():
            return self.settlement(send_all(self.calls.realise_loss(), sender))

    def settlement(self, receipt: ReceiptAPI, symbol: str | None = None) -> Settlement:
        """Return what a transaction that liquidated the vault did; without a symbol it seized
        nothing.
        """
        done = self._event(receipt, "Liquidated")
        losses = list(receipt.decode_logs(self.market.pool.DebtWrittenOff))
        covered = sum(loss.covered_by_shares + loss.covered_by_cash for loss in losses)
        decimals = 0 if symbol is None else self._decimals(symbol)
        return Settlement(
            repaid=self._assets(done.repaid),
            insurance=self._assets(done.insurance),
            seized=from_base(done.seized, decimals),
            covered=self._assets(covered),
            lost=self._assets(sum(loss.lost for loss in losses)),
        )

    # -- Internals -------------------------------------------------------------------------------

    def _event(self, receipt: ReceiptAPI, name: str) -> Any:
        """The only event of this name that the vault itself logged."""
        logs = receipt.decode_logs(getattr(self.contract, name))
        (event,) = [log for log in logs if log.contract_address == self.address]
        return event

    def _decimals(self, symbol: str) -> int:
        return int(self.market.token(symbol).decimals())

    def _assets(self, units: int) -> Decimal:
        return from_base(units, self.market.asset_decimals)

    def _units(self, amount: Decimal) -> int:
        return to_base(amount, self.market.asset_decimals)


def _shown(value: Decimal | None) -> str:
    return "no debt" if value is None else format_number(value)
