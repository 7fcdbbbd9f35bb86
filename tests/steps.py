"""What tests do all the time, in one word each. Amounts are base units, prices feed answers."""

from eth_utils import keccak

DAY = 86_400
YEAR = 31_536_000
WAD = 10**18
RAY = 10**27
USDC = 10**6
WETH = 10**18
WBTC = 10**8
MAX = 2**256 - 1
ZERO = "0x0000000000000000000000000000000000000000"

CLIENT, HOUSE = 1, 2


def label(text):
    """The bytes32 under which a vault is opened."""
    return keccak(text=text)


def give(token, holder, amount, spender):
    """Mint `amount` to `holder`, who lets `spender` take it."""
    token.mint(holder, amount, sender=holder)
    token.approve(spender, MAX, sender=holder)


def lend(market, lender, assets):
    give(market.asset, lender, assets, market.pool)
    market.pool.deposit(assets, lender, sender=lender)


def put(vault, token, amount, sender):
    """Deposit freshly minted tokens into a vault."""
    give(token, sender, amount, vault)
    return vault.deposit(token, amount, sender=sender)


def price(market, symbol, dollars):
    """Set a feed with eight decimals to a price, updated now."""
    feed = market.feeds[symbol]
    feed.set_answer(round(dollars * 10**8), sender=market.feed_keeper)


def refresh(market):
    """Let every feed say again what it said, as of now."""
    for feed in market.feeds.values():
        feed.set_answer(feed.answer(), sender=market.feed_keeper)


def wait(chain, seconds, market=None):
    """Let time pass; with a market, its feeds stay alive."""
    chain.mine(deltatime=seconds)
    if market:
        refresh(market)


def with_notice(chain, market, contract, method, *args, sender):
    """Announce a call, wait for the notice to pass, and make the call."""
    contract.announce(getattr(contract, method).encode_input(*args), sender=sender)
    wait(chain, 3 * DAY + 1, market)
    return getattr(contract, method)(*args, sender=sender)


def events(receipt, event):
    """The decoded events of one kind in a receipt."""
    return list(receipt.decode_logs(event))


def event(receipt, kind):
    """The only event of one kind in a receipt."""
    (found,) = events(receipt, kind)
    return found
