"""Tokens and feeds that pass for those of a live network, on an Anvil that passes for it."""

from pathlib import Path

from eth_utils import to_checksum_address

from ringfence.market import FEED, TOKEN, instance
from ringfence.terms import feed_answer
from ringfence.units import to_base

CONFIG = Path(__file__).parent / "config" / "sepolia.toml"
SLOTS = 16  # of storage: more than a mock that was just made uses


def put_in_place(project, config):
    """Let mocks stand where `config` says that tokens and feeds stand, unless something does."""
    web3 = project.provider.web3
    for address, (contract, args) in _standing(config).items():
        if web3.eth.get_code(address):
            continue
        made = _send(web3, data=getattr(project, contract)(*args).data)["contractAddress"]
        web3.provider.make_request("anvil_setCode", [address, web3.eth.get_code(made).to_0x_hex()])
        for slot in range(SLOTS):
            word = web3.eth.get_storage_at(made, slot).to_0x_hex()
            web3.provider.make_request("anvil_setStorageAt", [address, f"0x{slot:064x}", word])


def refresh(project, config):
    """Let every feed say again what it says, as of now."""
    web3 = project.provider.web3
    for address, (contract, _) in _standing(config).items():
        if contract == FEED:
            feed = instance(project, FEED, address)
            _send(web3, to=address, data=feed.set_answer.encode_input(feed.answer()))


def give(project, config, who, coins, amounts):
    """Set the balance of native coins, and mint tokens by symbol; amounts are of whole ones."""
    web3 = project.provider.web3
    web3.provider.make_request("anvil_setBalance", [who, hex(to_base(coins, 18))])
    symbols = {it.symbol: it for it in (*config.tokens, config.credit_asset)}
    for symbol, amount in amounts.items():
        token = symbols[symbol]
        mint = instance(project, TOKEN, to_checksum_address(token.address)).mint
        data = mint.encode_input(who, to_base(amount, token.decimals))
        _send(web3, to=to_checksum_address(token.address), data=data)


def _standing(config):
    """What stands already on the chain that `config` is for: the mock for each address."""
    found = {}
    for it in (config.credit_asset, *config.tokens):
        if it.address is not None:
            name = f"{it.symbol} (stand-in)"
            found[to_checksum_address(it.address)] = (TOKEN, (name, it.symbol, it.decimals))
        if it.feed is not None and it.feed.address is not None:
            answer = feed_answer(it.feed)
            found[to_checksum_address(it.feed.address)] = (FEED, (it.feed.decimals, answer))
    return found


def _send(web3, **call):
    """Send a transaction from an account of which Anvil keeps the key."""
    sent = web3.eth.send_transaction({"from": web3.eth.accounts[0], **call})
    return web3.eth.wait_for_transaction_receipt(sent)
