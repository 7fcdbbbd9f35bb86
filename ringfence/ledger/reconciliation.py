"""Whether the books of a market and its chain agree, and if not, what kind of break it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ape.exceptions import ContractLogicError, DecodingError
from eth_abi.exceptions import DecodingError as WrongData
from eth_tester.exceptions import TransactionFailed  # type: ignore[import-untyped]
from web3.exceptions import ContractLogicError as Reverted

from ringfence.exceptions import RingfenceError
from ringfence.ledger.account import UNKNOWN, UNSOLICITED, Account
from ringfence.ledger.fold import Books
from ringfence.market import printable
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
# How a token does not tell its balance; what a node does not tell is another matter.
REFUSED = (
    ContractLogicError, DecodingError, WrongData, TransactionFailed, Reverted, RingfenceError,
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """Where books and chain differ, or what somebody has to know of."""

    code: str
    vault: str  # empty if it is about the whole market
    what: str  # the token's address, or what of the vault
    books: int | str
    chain: int | str
    since: int  # block from which on it is so, as far as the books tell

    @property
    def is_break(self) -> bool:
        """Whether books and chain do not agree."""
        return self.code not in NOTES


def findings(market: Market, books: Books, read: BlockReader) -> Iterator[Finding]:
    """Compare books with the chain, both as of the reader's block.

    Tokens that the market does not list are only told of: whoever made one may do with it what he
    wants, and send it to anybody.
    """
    accounts = books.accounts.values()
    whole: tuple[tuple[str, int, int], ...] = (
        ("vault count", len(accounts), read(market.factory.vault_count)),
        (
            "scaled debt",
            sum(it.scaled_debt for it in accounts),
            read(market.pool.total_scaled_debt),
        ),
    )
    for what, told, chain in whole:
        if told != chain:
            yield Finding(MISSING, "", what, told, chain, 0)
    listed = market.first_listed(read(market.engine.token_count))
    for account in accounts:
        yield from _of_vault(market, account, read)
        yield from _gifts(account)
        for token in listed:
            yield from _of_token(account, token, read)


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


def _gifts(account: Account) -> Iterator[Finding]:
    """What a vault got unasked, added up by token."""
    given = [it for it in account.flows if it.kind == UNSOLICITED and it.amount > 0]
    for token in sorted({it.token for it in given}):
        of_token = [it for it in given if it.token == token]
        total = sum(it.amount for it in of_token)
        yield Finding(GIFT, account.vault, token, total, total, of_token[0].block)


def _of_token(account: Account, token: ContractInstance, read: BlockReader) -> Iterator[Finding]:
    address, vault = str(token.address), account.vault
    books = account.balances.get(address, 0)
    try:
        chain = read(token.balanceOf, vault)
    except REFUSED as error:
        told = printable(first_line(error))
        yield Finding(HIDDEN, vault, address, books, told, read.number)
        return
    if books == chain:
        return
    moved = [it for it in account.flows if it.token == address]
    unmatched = [it for it in account.unmatched if it.token == address]
    if unmatched:
        odd = {it.tx for it in moved if it.kind in (UNSOLICITED, UNKNOWN)}
        is_fee = any(it.tx in odd for it in unmatched)
        code, since = FEE if is_fee else MISSING, unmatched[0].block
    else:
        code, since = UNLOGGED, max((it.block for it in moved), default=account.opened)
    yield Finding(code, vault, address, books, chain, since)


def _joined(addresses: list[str]) -> str:
    return ", ".join(sorted(map(str, addresses)))
