"""What each vault holds and owes, and how it came to that, from nothing but what was logged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ringfence.ledger.account import (
    BORROWED,
    DEPOSIT,
    LOAN,
    NOBODY,
    REPAID,
    REPAYMENT,
    SEIZURE,
    SURRENDER,
    TOP_UP,
    UNKNOWN,
    UNSOLICITED,
    WITHDRAWAL,
    WRITTEN_OFF,
    Account,
    Allowance,
    DebtMove,
    Flow,
    Liquidation,
)
from ringfence.ledger.entries import APPROVAL, TRANSFER, Entry, as_address
from ringfence.ledger.reading import Shapes, shapes_of
from ringfence.vault import CLASSES

if TYPE_CHECKING:
    from ringfence.ledger.store import Store
    from ringfence.market import Market


@dataclass
class Books:
    """All vaults of a market up to a block."""

    factory: str
    pool: str
    fund: str
    asset: str
    shapes: Shapes  # of the vaults' events
    pool_shapes: Shapes
    factory_shapes: Shapes
    accounts: dict[str, Account] = field(default_factory=dict)

    @classmethod
    def of(cls, market: Market) -> Books:
        """Return the empty books of a market."""

        def shapes(part: Any) -> Shapes:
            return shapes_of(part.contract_type.events)

        return cls(
            factory=str(market.factory.address),
            pool=str(market.pool.address),
            fund=str(market.fund.address),
            asset=str(market.asset.address),
            shapes=shapes(market.implementation),
            pool_shapes=shapes(market.pool),
            factory_shapes=shapes(market.factory),
        )

    @classmethod
    def at(cls, market: Market, store: Store, block: int | None = None) -> Books:
        """Return the books of a market after a block, the last that its ledger has unless told."""
        books = cls.of(market)
        for entry in store.entries(block, of=[bytes.fromhex(books.factory[2:])]):
            books._open(entry)  # first of all: tokens may have been sent to where a vault was to be
        for _, logged in groupby(store.entries(block), key=lambda it: it.tx):
            books._enter(list(logged))
        return books

    def _enter(self, logged: list[Entry]) -> None:
        """Enter a transaction: its events first, which say what its transfers are."""
        expected: dict[str, list[Flow]] = {}  # by vault
        for entry in logged:
            address = as_address(entry.address)
            if address == self.pool:
                self._enter_loan(entry)
            elif address in self.accounts:
                moves = self._enter_event(self.accounts[address], entry)
                expected.setdefault(address, []).extend(moves)
        for entry in logged:
            if len(entry.topics) != 3:
                continue  # another event of the same name
            if entry.topics[0] == TRANSFER:
                self._enter_transfer(entry, expected)
            elif entry.topics[0] == APPROVAL:
                self._enter_approval(entry)
        for vault, moves in expected.items():
            self.accounts[vault].unmatched += moves

    # -- Events ----------------------------------------------------------------------------------

    def _open(self, entry: Entry) -> None:
        name, said = _read(self.factory_shapes, entry)
        if name != "VaultOpened":
            return
        self.accounts[said["vault"]] = Account(
            vault=said["vault"],
            opened_for=said["owner"],
            owner=said["owner"],
            raw_label=said["label"],
            fund_class=CLASSES[said["fund_class"]],
            id=said["id"],
            opened=entry.block,
        )

    def _enter_loan(self, entry: Entry) -> None:
        """The pool's own word on what each vault owes."""
        name, said = _read(self.pool_shapes, entry)
        if name not in ("Borrowed", "Repaid", "DebtWrittenOff"):
            return
        account = self.accounts.get(said["vault"])
        if account is None:
            return  # its opening is missing, which reconciliation sees
        account.scaled_debt, assets = said.get("scaled_debt", 0), said["assets"]
        if name == "Borrowed":
            account.borrowed += assets
            outside = assets if said["receiver"] != account.vault else 0
            told = (BORROWED, said["receiver"], assets, account.scaled_debt, -outside)
        elif name == "Repaid":
            account.repaid += assets
            told = (REPAID, account.vault, -assets, account.scaled_debt, 0)
        else:
            account.written_off += assets
            told = (WRITTEN_OFF, self.pool, -assets, account.scaled_debt, 0)
        account.debt_moves.append(
            DebtMove(entry.block, entry.position, entry.tx, *told, owner=account.owner)
        )

    def _enter_event(self, account: Account, entry: Entry) -> list[Flow]:
        """Enter an event of a vault; return what its transfers will be."""
        name, said = _read(self.shapes, entry)
        match name:
            case "OwnershipOffered":
                account.pending_owner = said["candidate"]
            case "OwnershipTransferred":
                account.owner, account.pending_owner = said["new_owner"], NOBODY
            case "HeldByOfficer":
                account.hold_until = said["until"]
            case "HoldReleased":
                account.hold_until = 0
            case "CollateralEnabled":
                account.enable(entry.block, said["token"])
            case "CollateralDisabled":
                account.disable(entry.block, said["token"])
            case "Repaid":
                _paid_by(account, said["payer"], said["assets"])
            case "Liquidated":
                account.liquidations.append(_liquidation(entry, said))
                _paid_by(account, said["liquidator"], 0)
        return [
            Flow(entry.block, entry.position, entry.tx, kind, token, other, amount, account.owner)
            for kind, token, other, amount in self._moves(account, name, said)
            if amount != 0
        ]

    def _moves(
        self, account: Account, name: str, said: dict[str, Any]
    ) -> list[tuple[str, str, str, int]]:
        """Return the moves of tokens that an event of a vault stands for."""
        vault, asset, pool = account.vault, self.asset, self.pool
        match name:
            case "Deposited":
                kind = DEPOSIT if said["payer"] == account.owner else TOP_UP
                return [(kind, said["token"], said["payer"], said["amount"])]
            case "Withdrawn":
                return [(WITHDRAWAL, said["token"], said["receiver"], -said["amount"])]
            case "Borrowed" if said["receiver"] == vault:
                return [(LOAN, asset, pool, said["assets"])]
            case "Repaid" if said["payer"] == vault:
                return [(REPAYMENT, asset, pool, -said["assets"])]
            case "Liquidated":
                seized = (SEIZURE, said["token"], said["receiver"], -said["seized"])
                return [seized, (REPAYMENT, asset, pool, -said["own_repaid"])]
            case "DelistedSurrendered" if said["is_sent"]:
                return [(SURRENDER, said["token"], self.fund, -said["amount"])]
        return []

    # -- Transfers -------------------------------------------------------------------------------

    def _enter_transfer(self, entry: Entry, expected: dict[str, list[Flow]]) -> None:
        token = as_address(entry.address)
        sender, receiver = as_address(entry.topics[1]), as_address(entry.topics[2])
        amount = int.from_bytes(entry.data[:32])
        for vault, other, sign in ((sender, receiver, -1), (receiver, sender, 1)):
            account = self.accounts.get(vault)
            if account is not None:
                moved = sign * amount
                flow = _taken(expected.get(vault, []), token, other, moved) or Flow(
                    block=entry.block,
                    position=entry.position,
                    tx=entry.tx,
                    kind=UNSOLICITED if moved >= 0 else UNKNOWN,
                    token=token,
                    counterparty=other,
                    amount=moved,
                    owner=account.owner,
                )
                account.flows.append(flow)
                account.balances[token] = account.balances.get(token, 0) + flow.amount

    def _enter_approval(self, entry: Entry) -> None:
        account = self.accounts.get(as_address(entry.topics[1]))
        if account is not None:
            token, spender = as_address(entry.address), as_address(entry.topics[2])
            amount = int.from_bytes(entry.data[:32])
            account.allowances.append(Allowance(entry.block, token, spender, amount))


def _paid_by(account: Account, payer: str, assets: int) -> None:
    """Say of the last repayment, which the pool has just logged, who paid it.

    :param assets: that changed nothing else of the vault if they came from elsewhere. [asset]
    """
    if payer != account.vault and account.debt_moves:
        last = account.debt_moves[-1]
        account.debt_moves[-1] = replace(last, counterparty=payer, outside=assets)


def _liquidation(entry: Entry, said: dict[str, Any]) -> Liquidation:
    amounts = (said[it] for it in ("seized", "repaid", "insurance", "own_repaid"))
    return Liquidation(entry.block, entry.tx, said["liquidator"], said["token"], *amounts)


def _taken(expected: list[Flow], token: str, other: str, amount: int) -> Flow | None:
    """Return which of the expected moves this is, each of which happens once."""
    for it in expected:
        if (it.token, it.amount, it.counterparty) == (token, amount, other):
            expected.remove(it)
            return it
    return None


def _read(shapes: Shapes, entry: Entry) -> tuple[str, dict[str, Any]]:
    """Return an event's name and what it says: nothing of one that is not known."""
    shape = shapes.get(entry.topics[0]) if entry.topics else None
    said = None if shape is None else shape.read(entry)
    return ("", {}) if shape is None or said is None else (shape.name, said)
