"""What tests do all the time, in one word each. Amounts are base units, prices feed answers."""

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


def price(market, symbol, dollars, sender):
    """Set a feed with eight decimals to a price, updated now."""
    market.feeds[symbol].set_answer(round(dollars * 10**8), sender=sender)


def refresh(market, sender):
    """Let every feed say again what it said, as of now."""
    for feed in market.feeds.values():
        feed.set_answer(feed.answer(), sender=sender)


def events(receipt, event):
    """The decoded events of one kind in a receipt."""
    return list(receipt.decode_logs(event))


def event(receipt, kind):
    """The only event of one kind in a receipt."""
    (found,) = events(receipt, kind)
    return found


def slots_of(contract, count=16):
    """The words that lie in the first storage slots of a contract."""
    get = contract.provider.get_storage
    return [int.from_bytes(get(contract.address, slot)) for slot in range(count)]
