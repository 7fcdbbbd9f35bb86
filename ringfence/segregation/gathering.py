"""What a report tells: read from the chain as of one block, and from the books up to it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ringfence.ledger.reconciliation import REFUSED
from ringfence.market import PARTS
from ringfence.model.bitmap import bit, has
from ringfence.model.fixed_point import RAY, mul_div_up
from ringfence.segregation.header import header_of
from ringfence.segregation.probing import Place, place_of
from ringfence.standing import code_hash
from ringfence.vault import CLASSES

if TYPE_CHECKING:
    from ape.contracts import ContractInstance

    from ringfence.ledger.account import Account, Allowance, Flow
    from ringfence.ledger.fold import Books
    from ringfence.market import Market
    from ringfence.reading import BlockReader

Json = dict[str, Any]
BEARERS = ("pool", "fund")  # who hold tokens of a market beside its vaults


def gathered(market: Market, books: Books, read: BlockReader) -> Json:
    """Return what chain and books tell of a market at the reader's block.

    Amounts are texts: whole numbers of base units.
    """
    web3: Any = market.provider.web3
    block = web3.eth.get_block(read.number)
    listed = market.first_listed(read(market.engine.token_count))
    indices = {str(it.address): at for at, it in enumerate(listed)}
    tokens = {str(it.address): it for it in (market.asset, *listed)}
    accounts = sorted(books.accounts.values(), key=lambda it: it.id)
    flows = [(it, flow) for it in accounts for flow in it.flows]
    allowed = [(it, told) for it in accounts for told in it.allowances]
    index = read(market.pool.debt_index)
    return {
        "market": {
            "name": market.name,
            "chain_id": market.manifest.chain_id,
            "asset": str(market.asset.address),
            "contracts": {it: str(getattr(market, it).address) for it in PARTS},
            "code": {it: _code(market, it, read) for it in PARTS},
        },
        "block": {
            "number": read.number,
            "hash": _hex(block["hash"]),
            "state_root": _hex(block["stateRoot"]),
            "timestamp": read.timestamp,
            "header": _maybe_hex(header_of(block)),
        },
        "registry": {"vault_count": read(market.factory.vault_count)},
        "tokens": [_token(market, it, indices.get(it), read) for it in tokens],
        "pool": _pool(market, index, tokens, read),
        "vaults": [_vault(market, it, index, listed, tokens, read) for it in accounts],
        "transfers": [
            _transfer(it, flow) for it, flow in flows if flow.token in tokens and flow.amount
        ],
        "allowances": [_allowance(it, told) for it, told in allowed if told.token in tokens],
        "strangers": {
            "transfers": sum(flow.token not in tokens for _, flow in flows),
            "empty": sum(flow.token in tokens and not flow.amount for _, flow in flows),
            "allowances": sum(told.token not in tokens for _, told in allowed),
        },
    }


def _code(market: Market, part: str, read: BlockReader) -> str:
    web3: Any = market.provider.web3
    return _hex(web3.eth.get_code(getattr(market, part).address, read.number))


def _token(market: Market, token: str, index: int | None, read: BlockReader) -> Json:
    return {
        "token": token,
        "symbol": market.symbol_of(token),
        "decimals": read(market.token_at(token).decimals),
        "index": index,
        "place": _place(place_of(market.provider, token, read.number)),
    }


def _place(found: Place | None) -> Json | None:
    return None if found is None else asdict(found) | {"slot": f"0x{found.slot:064x}"}


def _pool(
    market: Market, index: int, tokens: dict[str, ContractInstance], read: BlockReader
) -> Json:
    pool, fund = market.pool, market.fund
    return {
        "index": str(index),
        "cash": str(read(pool.cash)),
        "scaled_debt": str(read(pool.total_scaled_debt)),
        "total_debt": str(read(pool.total_debt)),
        "total_assets": str(read(pool.totalAssets)),
        "fund_shares": str(read(pool.balanceOf, fund)),
        "holdings": {it: _balances(tokens, getattr(market, it), read) for it in BEARERS},
    }


def _balances(
    tokens: dict[str, ContractInstance], holder: ContractInstance, read: BlockReader
) -> dict[str, str | None]:
    return {address: _balance(token, holder, read) for address, token in tokens.items()}


def _vault(
    market: Market,
    account: Account,
    index: int,
    listed: list[ContractInstance],
    tokens: dict[str, ContractInstance],
    read: BlockReader,
) -> Json:
    vault = market.vault_at(account.vault)
    mask, scaled_debt = read(vault.collateral_mask), read(vault.scaled_debt)
    enabled = (str(it.address) for at, it in enumerate(listed) if has(mask, bit(at)))
    debt = mul_div_up(scaled_debt, index, RAY)
    return {
        "id": account.id,
        "vault": account.vault,
        "label": _hex(account.raw_label),
        "opened_for": account.opened_for,
        "opened": account.opened,
        "code_hash": code_hash(market.provider.web3, account.vault, read.number),
        "debt": str(debt),
        "history": {
            "borrowed": str(account.borrowed),
            "repaid": str(account.repaid),
            "written_off": str(account.written_off),
            "interest": str(account.interest(debt)),
            "liquidations": account.sales,
        },
        "chain": {
            "owner": str(read(vault.owner)),
            "pending_owner": str(read(vault.pending_owner)),
            "fund_class": CLASSES[read(vault.fund_class)],
            "hold_until": str(read(vault.hold_until)),
            "scaled_debt": str(scaled_debt),
            "collaterals": sorted(enabled),
            "balances": _balances(tokens, vault, read),
        },
        "books": {
            "owner": account.owner,
            "pending_owner": account.pending_owner,
            "fund_class": account.fund_class,
            "hold_until": str(account.hold_until),
            "scaled_debt": str(account.scaled_debt),
            "collaterals": sorted(account.collaterals),
            "balances": {it: str(account.balances.get(it, 0)) for it in tokens},
        },
    }


def _balance(token: ContractInstance, holder: ContractInstance, read: BlockReader) -> str | None:
    """Nothing of a token that refuses to tell."""
    try:
        return str(read(token.balanceOf, holder))
    except REFUSED:
        return None


def _transfer(account: Account, flow: Flow) -> Json:
    return {
        "block": flow.block,
        "transaction": _hex(flow.tx),
        "vault": account.vault,
        "owner": flow.owner,
        "kind": flow.kind,
        "token": flow.token,
        "counterparty": flow.counterparty,
        "amount": str(flow.amount),
    }


def _allowance(account: Account, told: Allowance) -> Json:
    return {
        "block": told.block,
        "vault": account.vault,
        "token": told.token,
        "spender": told.spender,
        "amount": str(told.amount),
    }


def _maybe_hex(raw: bytes | None) -> str | None:
    return None if raw is None else _hex(raw)


def _hex(raw: bytes) -> str:
    return "0x" + bytes(raw).hex()
