"""What nobody decides: prices, feeds that die and revive, tokens that misbehave."""

from tests.stateful.contract import Step
from tests.steps import DAY

DOLLARS = {"WETH": 194, "WBTC": 7_935, "DAI": 1, "USDC": 1, "ODD": 10, "SPARE": 5, "SECOND": 5,
           "THIRD": 5}  # fmt: skip
FACTORS = (1_000, 1_000, 999, 1_001, 990, 1_010, 970, 1_030, 900, 1_100, 700, 1_400, 450)
STABLE = ("DAI", "USDC")


def move_price(life):
    """A wander, at times a jump, with a pull towards where it began."""
    symbol = life.dice.choice(list(life.world.feeds))
    return priced(life, symbol, life.dice.choice(FACTORS))


def priced(life, symbol, factor):
    """Multiply an answer by so many thousandths."""
    feed = life.world.feeds[symbol]
    part = life.world.chain.parts[feed.address]
    usual = DOLLARS[symbol] * 10**part.decimals
    answer = max(part.answer, 1) * factor // 1_000
    lowest, highest = (82, 120) if symbol in STABLE else (2, 900)
    if life.chance(0.3):
        answer = (2 * answer + usual) // 3
    answer = min(max(answer, usual * lowest // 100), usual * highest // 100)
    return Step("move price", life.keeper, feed, "set_answer", (answer,))


def kill_feed(life):
    symbol = life.dice.choice([it for it in life.world.feeds if it != "DAI" or life.chance(0.4)])
    life.plan.append(lambda: revive_feed(life))
    life.plan.append(lambda: refreshed(life, symbol))
    wait = life.dice.randint(0, 12)
    life.plan[:0] = [lambda: life.random_step() for _ in range(wait)]
    return dead(life, life.world.feeds[symbol])


def dead(life, feed):
    """Make a feed answer what nobody may believe."""
    now = life.world.now
    method, args = life.dice.choice(
        (
            ("set_answer", (0,)),
            ("set_answer", (-1,)),
            ("set_answer", (1,)),
            ("set_answer", (10**40,)),
            ("set_times", (now, now - 10 * DAY)),
            ("set_times", (now, 0)),
            ("set_times", (now, 2**41)),
            ("set_quirks", (1,)),
            ("set_quirks", (2,)),
            ("set_quirks", (4,)),
        )
    )
    return Step("kill feed", life.keeper, feed, method, args)


def revive_feed(life):
    feeds, parts = life.world.feeds, life.world.chain.parts
    down = [it for it in feeds.values() if parts[it.address].is_down]
    if not down:
        return refreshed(life, life.dice.choice(list(feeds)))
    feed = life.dice.choice(down)
    return Step("revive feed", life.keeper, feed, "set_quirks", (0,))


def refreshed(life, symbol):
    """Say again what a feed said, as of now; what nobody could believe goes back to normal."""
    feed = life.world.feeds[symbol]
    part = life.world.chain.parts[feed.address]
    usual = DOLLARS[symbol] * 10**part.decimals
    answer = part.answer if usual // 50 <= part.answer <= usual * 9 else usual
    return Step("refresh feed", life.keeper, feed, "set_answer", (answer,))


def misbehave(life):
    token = life.hostile()
    return Step("misbehave", life.keeper, token, "set_quirks", (life.dice.choice(QUIRKS),))


QUIRKS = (1, 1, 2, 4, 8, 32, 33)


def misbehave_asset(life):
    """A credit asset that stops for everybody, or says no."""
    token = life.side().asset
    life.plan.append(lambda: Step("behave", life.keeper, token, "set_quirks", (0,)))
    return Step("misbehave asset", life.keeper, token, "set_quirks", (life.dice.choice((2, 4)),))


def behave(life):
    odd = [it for it in life.world.tokens.values() if _is_odd(life.world.chain.parts[it.address])]
    token = life.dice.choice(odd) if odd else life.hostile()
    part = life.world.chain.parts[token.address]
    if part.blocked:
        return Step("unblock", life.keeper, token, "set_blocked", (min(part.blocked), False))
    if part.fee:
        return Step("behave", life.keeper, token, "set_fee", (0,))
    return Step("behave", life.keeper, token, "set_quirks", (0,))


def _is_odd(part):
    is_odd = part.returns_false or part.reverts or part.hides_balances or part.fee or part.blocked
    return is_odd or part.claimed_balance is not None


def block(life):
    """An issuer blocks somebody: a vault, an owner, the pool, the fund."""
    side = life.side()
    token = life.dice.choice((life.hostile(), side.asset))
    places = (life.vault(side)[0].address, life.someone(), side.fund.address, side.pool.address)
    account = life.dice.choice(places)
    if account == side.pool.address:
        life.plan.append(
            lambda: Step("unblock", life.keeper, token, "set_blocked", (account, False))
        )
    return Step("block", life.keeper, token, "set_blocked", (account, True))


def charge(life):
    fee = life.dice.choice((1, 10**15, 10**17, 10**18))
    token = life.world.tokens[life.dice.choice(("ODD", "SPARE"))]
    return Step("charge", life.keeper, token, "set_fee", (fee,))


def claim(life):
    """What a liar says that everybody holds."""
    token = life.world.tokens[life.dice.choice(("ODD", "SPARE"))]
    amount = life.dice.choice((0, 1, 10**18, 10**24, 2**128 + 5, 2**255))
    return Step("claim", life.keeper, token, "set_claimed_balance", (amount,))


def rebase(life):
    side = life.side()
    token = life.world.tokens[life.dice.choice(("ODD", "ODD", "SPARE", "WETH"))]
    vault = life.vault(side)[0].address
    held = life.world.chain.parts[token.address].balances.get(vault, 0)
    balance = life.dice.choice((0, 1, held // 2, held * 11 // 10, held * 9 // 10))
    return Step("rebase", life.keeper, token, "rebase", (vault, balance))
