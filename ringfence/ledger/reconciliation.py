"""Whether the books of a market and its chain agree, and if not, what kind of break it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ringfence.deployment.check import UNREADABLE
from ringfence.ledger.fold import UNKNOWN, UNSOLICITED, Account, Books, Flow
from ringfence.reasons import first_line

if TYPE_CHECKING:
    from ape.contracts import ContractInstance

    from ringfence.market import Market
    from ringfence.reading import BlockReader

# Codes of what is found. The first is a note: anyone may send a token to anyone.
GIFT = "unsolicited transfer"
FEE = "fee on transfer"  # an event and its transfer tell different amounts
MISSING = "missing event"  # a log is not in the ledger, or never was
UNLOGGED = "unlogged change"  # such as of a token that rebases
HIDDEN = "hidden balance"  # the token does not tell it
NOTES = (GIFT,)


@dataclass(frozen=True)
class Finding:
    """Where books and chain differ, or what somebody has to know of."""

    code: str
    vault: str
    what: str  # the token's address, or what of the vault
    books: int | str
    chain: int | str
    since: int  # block from which on it is so, as far as that can be told
    is_listed: bool = True  # it is about the vault itself, or about a token of the market

    @property
    def is_break(self) -> bool:
        """Whether books and chain do not agree. A token that the market does not list may do what
        it wants, and anyone may send it: it breaks nobody's books.
        """
        return self.code not in NOTES and self.is_listed


def findings(market: Market, books: Books, read: BlockReader) -> Iterator[Finding]:
    """Compare books with the chain, both as of the reader's block, vault by vault."""
    count = read(market.factory.vault_count)
    if count != len(books.accounts):
        first = min((it.opened for it in books.accounts.values()), default=0)
        yield Finding(MISSING, "", "vault count", len(books.accounts), count, first)
    for account in books.accounts.values():
        yield from _of_vault(market, account, read)


def _of_vault(market: Market, account: Account, read: BlockReader) -> Iterator[Finding]:
    vault = market.vault_at(account.vault)
    told: tuple[tuple[str, int | str, int | str], ...] = (
        ("owner", account.owner, str(read(vault.owner))),
        ("pending owner", account.pending_owner, str(read(vault.pending_owner))),
        ("scaled debt", account.scaled_debt, read(vault.scaled_debt)),
        ("hold until", account.hold_until, read(vault.hold_until)),
        ("collaterals", _joined(account.collaterals), _joined(read(vault.collaterals))),
    )
    for what, books, chain in told:
        if books != chain:
            yield Finding(MISSING, account.vault, what, books, chain, account.opened)
    for flow in account.flows:
        if flow.kind == UNSOLICITED and flow.amount > 0:
            yield Finding(GIFT, account.vault, flow.token, flow.amount, flow.amount, flow.block)
    listed = [market.listed(index) for index in range(read(market.engine.token_count))]
    known = {str(it.address) for it in listed}
    for token in listed:
        yield from _of_token(account, token, read)
    for address in sorted(account.balances.keys() - known):
        for found in _of_token(account, market.token_at(address), read):
            yield replace(found, is_listed=False)


def _of_token(account: Account, token: ContractInstance, read: BlockReader) -> Iterator[Finding]:
    address = str(token.address)
    books = account.balances.get(address, 0)
    try:
        chain = read(token.balanceOf, account.vault)
    except UNREADABLE as error:
        yield Finding(HIDDEN, account.vault, address, books, first_line(error), read.number)
        return
    if books == chain:
        return
    told = [it for it in account.unmatched if it.token == address]
    moved = [it for it in account.flows if it.token == address and _is_odd(it)]
    if told:
        is_fee = any(one.tx == other.tx for one in told for other in moved)
        yield Finding(
            FEE if is_fee else MISSING, account.vault, address, books, chain, told[0].block
        )
        return
    since = max((it.block for it in account.flows if it.token == address), default=account.opened)
    yield Finding(UNLOGGED, account.vault, address, books, chain, since)


def _is_odd(flow: Flow) -> bool:
    return flow.kind in (UNSOLICITED, UNKNOWN)


def _joined(addresses: list[str]) -> str:
    return ", ".join(sorted(map(str, addresses)))
