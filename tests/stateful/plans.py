"""Chains of events that chance alone would seldom bring about, each a step at a time."""

from tests.stateful import acts_chance, acts_office, acts_vault
from tests.stateful.contract import Step
from tests.stateful.world import HEARTBEATS
from tests.steps import MAX

HEALTHS = (995, 990, 970, 950, 930, 900, 870, 820, 700, 500, 200, 50)  # [thousandths] aimed at


def crash(life):
    """Let the collateral of a vault fall until its health is as wanted; then liquidate."""
    side = life.side()
    vault = life.in_debt(side)
    health = life.health(side, vault) if vault else MAX
    if health in (0, MAX):
        return None
    wanted = life.dice.choice(HEALTHS) * 10**15
    found = _falls(life, side, vault, wanted, health)
    if not found:
        return None
    _after_crash(life, side, vault, found)
    life.plan[:0] = [lambda it=it: it for it in found[1:]]
    return found[0]


def _falls(life, side, vault, wanted, health):
    """Each feed of the vault's collateral falls by as much as its health shall; at times the
    price of the debt rises instead.
    """
    if life.chance(0.2):
        asset = life.feed_of(side, side.asset)
        return [_moved(life, side, side.asset, health, wanted)] if asset else []
    held = [life.token_at(at) for at in side.model.vaults[vault.address].collaterals()]
    held = [it for it in held if it is not side.asset and life.feed_of(side, it)]
    return [_moved(life, side, it, wanted, health) for it in held]


def _moved(life, side, token, up, down):
    """Move a price by a ratio, mostly within what may be believed of it."""
    feed, present = life.feed_of(side, token), side.model.oracle.feed_of(token.address)
    part = life.world.chain.parts[feed.address]
    answer = max(1, part.answer) * up // down
    if life.chance(0.95):
        answer = min(max(answer, present.lowest), present.highest)
    return Step("crash", life.keeper, feed, "set_answer", (answer,), elapsed=1)


def _after_crash(life, side, vault, falls):
    for _ in range(life.dice.choice((1, 2, 4))):
        life.plan.append(lambda: acts_vault.liquidation_of(life, side, vault))
    if life.chance(0.5):
        life.plan.append(lambda: acts_vault.attack(life))
    if life.chance(0.7):
        loss = Step("realise loss", life.someone(), vault, "realise_loss", elapsed=1)
        life.plan.append(lambda: loss)
    for fall in falls:
        if life.chance(0.8):
            args = (max(life.world.chain.parts[fall.target.address].answer, 1),)
            back = Step("recover", life.keeper, fall.target, "set_answer", args)
            life.plan.append(lambda it=back: it)


def refresh_all(life):
    """The keeper of the feeds comes round."""
    for symbol in life.world.feeds:
        life.plan.append(lambda it=symbol: _refreshed_if_old(life, it))


def _refreshed_if_old(life, symbol):
    part = life.world.chain.parts[life.world.feeds[symbol].address]
    age = life.world.now - part.updated_at
    return acts_chance.refreshed(life, symbol) if age > HEARTBEATS[symbol] * 2 // 3 else None


def begin(life):
    """Lenders come, owners borrow."""
    for side in life.world.sides:
        unit = 10 ** life.world.chain.parts[side.asset.address].decimals
        for who in life.world.holders[:3]:
            args = (life.dice.randint(50_000, 500_000) * unit, who)
            life.plan.append(lambda it=args, at=side: Step("lend", it[1], at.pool, "deposit", it))
    life.plan += 4 * [lambda: leverage(life)]


def leverage(life):
    """An owner puts in collateral and borrows all that it carries."""
    side = life.side()
    vault, owner = life.vault(side)
    token = life.token(side)
    amount = life.amount(side, token, 40_000) % 10**28
    life.plan.append(lambda: _borrow_most(life, side, vault, owner))
    return Step("deposit", owner, vault, "deposit", (token.address, amount))


def _borrow_most(life, side, vault, owner):
    margin = life.margin(side, vault)
    if margin is None or margin.available_funds <= 0:
        return None
    funds = life.assets(side, margin.available_funds) * life.dice.choice((70, 99, 100)) // 100
    receiver = life.dice.choice((owner, owner, vault.address))
    return Step("borrow", owner, vault, "borrow", (min(funds, side.model.pool.cash()), receiver))


def blackout(life):
    """The feed of one token of a vault in debt dies while another falls."""
    side = life.side()
    vault = life.in_debt(side)
    held = side.model.vaults[vault.address].collaterals() if vault else []
    feeds = [it for it in (life.feed_of(side, life.token_at(at)) for at in held) if it]
    if not feeds:
        return None
    life.dice.shuffle(feeds)
    if len(feeds) > 1:
        factor = life.dice.choice((900, 700, 400, 50))
        life.plan.append(lambda: _fallen(life, feeds[1], factor))
    for _ in range(3):
        life.plan.append(lambda: acts_vault.liquidation_of(life, side, vault))
    life.plan.append(lambda: Step("realise loss", life.someone(), vault, "realise_loss"))
    return acts_chance.dead(life, feeds[0])


def _fallen(life, feed, factor):
    part = life.world.chain.parts[feed.address]
    args = (max(1, part.answer * factor // 1_000),)
    return Step("crash", life.keeper, feed, "set_answer", args, elapsed=1)


def collapse(life):
    """A token is worth nothing for good: it is delisted, and a vault that holds it is ruined."""
    side = life.side()
    token = life.world.tokens[life.dice.choice(("ODD", "ODD", "ODD", "SPARE", "WBTC", "DAI"))]
    feed = life.feed_of(side, token)
    if feed is None or not life.is_listed(side, token) or token is side.asset:
        return None
    step = Step("delist", acts_office.admin(side), side.engine, "delist_token", (token.address,))
    life.plan.append(lambda: acts_chance.dead(life, feed))
    ready = side.model.engine.notice + 1
    life.plan.append(lambda: Step(step.act, step.sender, step.target, step.method, step.args,
                                  elapsed=ready))  # fmt: skip
    refresh_all(life)
    life.plan.append(lambda: _crash_holder(life, side, token))
    announce = (step.payload,)
    return Step("announce", step.sender, step.target, "announce", announce, (step.call,))


def _crash_holder(life, side, token):
    """Ruin a vault that holds a token, by whatever else it holds."""
    bit = side.model.engine.bit_of(token.address)
    found = [it for it in side.vaults if side.model.vaults[it.address].collateral_mask() & bit
             and side.model.vaults[it.address].scaled_debt()]  # fmt: skip
    if not found:
        return
    vault = life.dice.choice(found)
    for at in side.model.vaults[vault.address].collaterals():
        feed = life.feed_of(side, life.token_at(at))
        if feed is not None and at != token.address:
            life.plan.append(lambda it=feed: _fallen(life, it, 50))
            life.plan.append(lambda it=at: acts_vault.liquidation_of(life, side, vault, it))
    life.plan.append(lambda: Step("realise loss", life.someone(), vault, "realise_loss"))
    return


def exit_all(life):
    """Repay all, take everything out: an owner without debt always gets away, unless on hold."""
    side = life.side()
    vault, owner = life.vault(side)
    held = [it for it in life.world.tokens.values()
            if life.world.chain.parts[it.address].balances.get(vault.address)]  # fmt: skip
    for token in held:
        args = (token.address, MAX, owner)
        life.plan.append(lambda it=args: Step("exit", owner, vault, "withdraw", it))
    return Step("repay", life.world.holders[0], vault, "repay", (MAX,))
