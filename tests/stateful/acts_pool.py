"""What lenders do, and anybody with the pool."""

from tests.stateful.contract import Step


def lend(life):
    side = life.side()
    who, amount = life.someone(), life.amount(side, side.asset, 150_000)
    return Step(
        "lend", who, side.pool, "deposit", (amount, life.dice.choice((who, life.someone())))
    )


def mint(life):
    side = life.side()
    who = life.someone()
    return Step("mint shares", who, side.pool, "mint", (_shares(life, side, who), who))


def leave(life):
    side = life.side()
    who, amount = life.someone(), life.amount(side, side.asset, 60_000)
    return Step("leave", who, side.pool, "withdraw", (amount, who, who))


def redeem(life):
    side = life.side()
    who = life.dice.choice((life.someone(), life.world.people[5]))
    args = (_shares(life, side, who), who, who)
    return Step("redeem", who, side.pool, "redeem", args)


def drain(life):
    """Take all cash there is, or one unit more."""
    side = life.side()
    who = max(life.world.holders, key=side.model.pool.balanceOf)
    most = side.model.pool.maxWithdraw(who) + life.dice.choice((0, 0, 1))
    return Step("drain", who, side.pool, "withdraw", (most, who, who))


def send_shares(life):
    side = life.side()
    who = life.dice.choice((life.someone(), life.world.people[5]))
    args = (life.someone(), _shares(life, side, who))
    return Step("send shares", who, side.pool, "transfer", args)


def give_shares_to_fund(life):
    side = life.side()
    who = life.someone()
    share = side.model.pool.balanceOf(who) // 100
    return Step("insure", who, side.pool, "transfer", (side.fund.address, share))


def allow_shares(life):
    side = life.side()
    args = (life.someone(), _shares(life, side, life.someone()))
    return Step("allow shares", life.someone(), side.pool, "approve", args)


def take_shares(life):
    side = life.side()
    owner = life.someone()
    args = (owner, life.someone(), _shares(life, side, owner) // 10)
    return Step("take shares", life.someone(), side.pool, "transferFrom", args)


def leave_for_another(life):
    side = life.side()
    owner = life.someone()
    args = (life.amount(side, side.asset, 1_000), life.someone(), owner)
    return Step("leave for another", life.someone(), side.pool, "withdraw", args)


def accrue(life):
    return Step("accrue", life.someone(), life.side().pool, "accrue")


def collect(life):
    return Step("collect", life.someone(), life.side().pool, "collect")


def _shares(life, side, owner):
    """Some of an account's shares; at times nothing, all, or one more."""
    held = side.model.pool.balanceOf(owner)
    return life.dice.choice((0, 1, held, held + 1, life.dice.randint(0, held), held // 3))
