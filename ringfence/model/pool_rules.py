"""Mirror of `modules/pool_rules.vy`: caps, limits of one vault's debt, and pauses."""

from typing import ClassVar, Protocol

from ringfence.model.brakes import Brakes
from ringfence.model.chain import ZERO, Chain, Names, transaction
from ringfence.model.notice import Call, Notice
from ringfence.model.packing import pack
from ringfence.model.refusal import check

MAX_CAP = 2**120 - 1  # [asset] stands for no cap


class Registry(Protocol):
    """What pool and engine ask the factory."""

    address: str
    owner: str
    risk_admin: str
    guardian: str

    def vault_id(self, vault: str) -> int:
        """1-based number of a vault; 0 for a stranger."""


class PoolRules(Notice, Brakes):
    """Who may change what in the pool."""

    stored: ClassVar[Names] = ("_supply_cap", "_borrow_cap", "_min_debt", "_max_debt")

    def __init__(
        self,
        chain: Chain,
        address: str,
        factory: Registry,
        notice: int,
        supply: int,
        borrow: int,
        smallest: int,
        largest: int,
    ) -> None:
        check(factory.address != ZERO, "pool: zero address")
        Notice.__init__(self, chain, address, notice)
        Brakes.__init__(self, chain, address)
        self.factory = factory
        self._set_caps(supply, borrow)
        self._set_debt_limits(smallest, largest)

    # -- Officers ----------------------------------------------------------------------------------

    @transaction
    def pause(self, level: int, duration: int, *, sender: str) -> None:
        """Raise the pause level for `duration` [s]."""
        check(sender == self.factory.guardian, "pool: not the guardian")
        self._raise_to(level, duration)

    @transaction
    def lower_pause(self, level: int, *, sender: str) -> None:
        """Lower the pause level before it lapses."""
        self._check_risk_admin(sender)
        self._lower_to(level)

    @transaction
    def resume_borrowing(self, *, sender: str) -> None:
        """Allow borrowing again after a loss stopped it."""
        self._check_risk_admin(sender)
        self._resume()

    @transaction
    def announce(self, call: Call, *, sender: str) -> None:
        """Announce a change of this pool."""
        self._check_risk_admin(sender)
        self._announce(call)

    @transaction
    def cancel(self, call: Call, *, sender: str) -> None:
        """Withdraw an announcement."""
        self._check_risk_admin(sender)
        self._cancel(call)

    @transaction
    def set_caps(self, supply: int, borrow: int, *, sender: str) -> None:
        """Lower the market's caps [asset] at once, or raise one of them after notice."""
        self._check_risk_admin(sender)
        if supply > self._supply_cap or borrow > self._borrow_cap:
            self._spend("set_caps", supply, borrow)
        self._set_caps(supply, borrow)

    @transaction
    def set_debt_limits(self, smallest: int, largest: int, *, sender: str) -> None:
        """Lower a vault's largest debt [asset] at once; all else after notice."""
        self._check_risk_admin(sender)
        if smallest != self._min_debt or largest > self._max_debt:
            self._spend("set_debt_limits", smallest, largest)
        self._set_debt_limits(smallest, largest)

    # -- Views -------------------------------------------------------------------------------------

    def supply_cap(self) -> int:
        """Total of assets at which deposits stop [asset]."""
        return self._supply_cap

    def borrow_cap(self) -> int:
        """Total debt at which borrowing stops [asset]."""
        return self._borrow_cap

    def min_debt(self) -> int:
        """Smallest debt that borrowing or a partial repayment may leave in a vault [asset]."""
        return self._min_debt

    def max_debt(self) -> int:
        """Largest debt to which borrowing may bring a vault [asset]."""
        return self._max_debt

    # -- Internals ---------------------------------------------------------------------------------

    def _check_vault(self, caller: str) -> None:
        check(self.factory.vault_id(caller) != 0, "pool: not a vault")

    def _check_borrowing(self) -> None:
        check(self.pause_level() == 0, "pool: paused")
        check(not self._is_stopped, "pool: borrowing stopped")

    def _check_debt(self, debt: int, total_debt: int) -> None:
        check(debt >= self._min_debt, "pool: debt below the smallest")
        check(debt <= self._max_debt, "pool: debt above the largest")
        check(total_debt <= self._borrow_cap, "pool: borrow cap reached")

    def _rules_room(self, total_assets: int) -> int:
        """What the pause and the supply cap leave to deposit [asset]."""
        if self.pause_level() > 0 or total_assets >= self._supply_cap:
            return 0
        return self._supply_cap - total_assets

    def _check_risk_admin(self, sender: str) -> None:
        check(sender == self.factory.risk_admin, "pool: not the risk admin")

    def _set_caps(self, supply: int, borrow: int) -> None:
        check(max(supply, borrow) <= MAX_CAP, "pool: cap above 120 bits")
        pack(supply, borrow)
        self._supply_cap, self._borrow_cap = supply, borrow

    def _set_debt_limits(self, smallest: int, largest: int) -> None:
        check(0 < smallest <= largest, "pool: debt limits out of order")
        check(largest <= MAX_CAP, "pool: cap above 120 bits")
        self._min_debt, self._max_debt = smallest, largest
