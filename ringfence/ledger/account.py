"""What the books know of one vault."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from ringfence.market import label_text

NOBODY = "0x0000000000000000000000000000000000000000"

# Kinds of a flow, in the words of the contracts' events.
DEPOSIT, TOP_UP, LOAN, UNSOLICITED = "deposit", "top-up", "loan", "unsolicited"
WITHDRAWAL, SEIZURE, REPAYMENT = "withdrawal", "seizure", "repayment"
SURRENDER, UNKNOWN = "surrender", "unknown"


# Kinds of a change of debt.
BORROWED, REPAID, WRITTEN_OFF = "borrowed", "repaid", "written off"


@dataclass(frozen=True, slots=True)
class Flow:
    """Tokens that came into a vault, or left it."""

    block: int
    position: int  # in the block
    tx: bytes
    kind: str
    token: str
    counterparty: str
    amount: int  # [token] less than nothing if they left
    owner: str  # of the vault then


@dataclass(frozen=True, slots=True)
class DebtMove:
    """A change of what a vault owes."""

    block: int
    position: int  # in the block
    tx: bytes
    kind: str
    counterparty: str  # who got the loan, or paid
    assets: int  # [asset] less than nothing if they were paid or written off
    scaled_debt: int  # [asset / index] after
    outside: int = 0  # [asset] of it that came from elsewhere than the vault, or went there less
    owner: str = NOBODY  # of the vault then


@dataclass(frozen=True, slots=True)
class Liquidation:
    """A sale of collateral while health was below one, or what was given up after it."""

    block: int
    tx: bytes
    liquidator: str
    token: str
    seized: int  # [token]
    repaid: int  # [asset] by the liquidator
    insurance: int  # [asset] by the liquidator, on top
    own_repaid: int  # [asset] from the vault's own credit asset


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a token says that a vault allowed; no vault can."""

    block: int
    token: str
    spender: str
    amount: int  # [token]


@dataclass
class Account:
    """A vault as its events tell."""

    vault: str
    opened_for: str  # its first owner
    owner: str
    raw_label: bytes
    fund_class: str
    id: int
    opened: int  # block
    pending_owner: str = NOBODY
    hold_until: int = 0  # [unix s]
    scaled_debt: int = 0  # [asset / index]
    balances: dict[str, int] = field(default_factory=dict)  # [token] by address
    collaterals: list[str] = field(default_factory=list)  # in the order of their enabling
    enablings: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)  # by block, after
    flows: list[Flow] = field(default_factory=list)
    debt_moves: list[DebtMove] = field(default_factory=list)
    liquidations: list[Liquidation] = field(default_factory=list)
    unmatched: list[Flow] = field(default_factory=list)  # told by an event, and by no transfer
    allowances: list[Allowance] = field(default_factory=list)
    borrowed: int = 0  # [asset] in all
    repaid: int = 0  # [asset] in all, by whomever
    written_off: int = 0  # [asset] in all

    @property
    def label(self) -> str:
        """What its first owner called it, safe to print."""
        return label_text(self.raw_label)

    def enable(self, block: int, token: str) -> None:
        """Let a token count as collateral from a block on."""
        self._count(block, [*self.collaterals, token])

    def disable(self, block: int, token: str) -> None:
        """Let it count no longer."""
        self._count(block, [it for it in self.collaterals if it != token])

    def _count(self, block: int, tokens: list[str]) -> None:
        self.collaterals = tokens
        self.enablings.append((block, tuple(tokens)))

    def collaterals_at(self, block: int) -> tuple[str, ...]:
        """Return what counted as collateral after a block, in the order of its enabling."""
        return next((it for at, it in reversed(self.enablings) if at <= block), ())

    def is_used(self, listed: Collection[str]) -> bool:
        """Tell whether it ever owed, or one of these tokens moved: others, strangers send."""
        return bool(self.debt_moves) or any(it.token in listed for it in self.flows)

    @property
    def sales(self) -> int:
        """How often it was liquidated; giving up a debt alone does not count."""
        return sum(it.token != NOBODY for it in self.liquidations)

    def interest(self, debt: int) -> int:
        """Return what debt has grown by until it came to what is owed now. [asset]"""
        return debt + self.repaid + self.written_off - self.borrowed
