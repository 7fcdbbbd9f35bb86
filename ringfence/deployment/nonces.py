"""Which transaction an account sent with which nonce."""

from __future__ import annotations

from typing import Any


def sent_with(web3: Any, account: str, nonce: int) -> Any:
    """Return the mined transaction that an account sent with a nonce, as web3 tells it.

    :raises LookupError: if there is none.
    """
    if web3.eth.get_transaction_count(account) <= nonce:
        raise LookupError(f"{account} has sent nothing with nonce {nonce}")
    block = _block_of(web3, account, nonce)
    for transaction in web3.eth.get_block(block, full_transactions=True)["transactions"]:
        if transaction["from"] == account and transaction["nonce"] == nonce:
            return web3.eth.get_transaction(transaction["hash"])
    raise LookupError(f"block {block} has no transaction of {account} with nonce {nonce}")


def _block_of(web3: Any, account: str, nonce: int) -> int:
    """The first block after which the account's nonce is higher; bounds close in from the newest,
    since a node that keeps no archive forgets the old ones.
    """
    high = web3.eth.block_number
    step = 1
    low = high - step
    while low >= 0 and web3.eth.get_transaction_count(account, low) > nonce:
        high, step = low, 2 * step
        low = high - step
    low = max(low, -1)
    while high - low > 1:
        middle = (low + high) // 2
        if web3.eth.get_transaction_count(account, middle) > nonce:
            high = middle
        else:
            low = middle
    return int(high)
