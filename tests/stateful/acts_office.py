"""What officers do, at once and after notice, and what others try in their place."""

from dataclasses import astuple, replace

from ringfence.model.chain import ZERO
from ringfence.model.fixed_point import MAX_UINT, WAD
from tests.stateful.acts_vault import (
    REASON,
    borrow,
    disable,
    enable,
    offer,
    repay_from_vault,
    withdraw,
)
from tests.stateful.contract import Step
from tests.steps import DAY


def admin(side):
    return side.model.factory.risk_admin


# -- Brakes ----------------------------------------------------------------------------------------


def pause(life):
    side = life.side()
    args = (life.dice.choice((1, 1, 2, 2, 0, 3)), life.dice.choice((60, 3_600, 7 * DAY, 8 * DAY)))
    return Step("pause", side.model.factory.guardian, side.pool, "pause", args)


def lower_pause(life):
    side = life.side()
    return Step(
        "lower pause", admin(side), side.pool, "lower_pause", (life.dice.choice((0, 0, 1)),)
    )


def resume(life):
    side = life.side()
    if not side.model.pool.borrowing_stopped() and life.chance(0.9):
        return None
    return Step("resume", admin(side), side.pool, "resume_borrowing")


def hold(life):
    side = life.side()
    vault, _ = life.vault(side)
    until = life.world.now + life.dice.choice((-1, 60, 7_200, DAY, 40 * DAY))
    officer = side.model.factory.compliance_officer
    return Step("hold", officer, vault, "place_hold", (REASON, until))


def release(life):
    side = life.side()
    held = [it for it in side.vaults if side.model.vaults[it.address].hold_until() > life.world.now]
    vault = life.dice.choice(held) if held else life.vault(side)[0]
    return Step("release", side.model.factory.compliance_officer, vault, "release_hold")


# -- Limits ----------------------------------------------------------------------------------------


def set_caps(life):
    side = life.side()
    pool = side.model.pool
    factors = life.dice.choice(((10, 9), (9, 10), (10, 10), (12, 10), (10, 30), (1, 1), (10, 1)))
    unit = 10 ** life.world.chain.parts[side.asset.address].decimals
    supply, borrow = (max(10_000 * unit, now * it // 10) for now, it in zip(
        (pool.supply_cap(), pool.borrow_cap()), factors, strict=True))  # fmt: skip
    return announced(life, Step("set caps", admin(side), side.pool, "set_caps", (supply, borrow)))


def set_debt_limits(life):
    side = life.side()
    unit = 10 ** life.world.chain.parts[side.asset.address].decimals
    smallest = life.dice.choice((100, 500, 1_000, side.model.pool.min_debt() // unit))
    largest = life.dice.choice((50, 5_000, 200_000, 5_000_000))
    args = (smallest * unit, largest * unit)
    return announced(life, Step("set limits", admin(side), side.pool, "set_debt_limits", args))


def ramp(life):
    side, token = _listed(life)
    now = side.model.engine.maintenance_ltv(token.address)
    ltv = life.dice.choice((now * 95 // 100, now * 8 // 10, 0, now))
    ends = life.world.now + life.dice.choice((2, 3, 4, 10)) * DAY + 10
    if life.chance(0.8):
        life.plan.append(lambda: Step("ramp", admin(side), side.engine, "ramp_maintenance_ltv",
                                      (token.address, ltv, ends)))  # fmt: skip
        args = (token.address, min(ltv, side.model.engine.rules_of(token.address).initial_ltv))
        return Step("lower LTV", admin(side), side.engine, "set_initial_ltv", args)
    args = (token.address, ltv, ends)
    return Step("ramp", admin(side), side.engine, "ramp_maintenance_ltv", args)


def raise_ltv(life):
    side, token = _listed(life)
    first = next((it for it in side.config.tokens if life.world.tokens[it.symbol] is token), None)
    usual = int((first.maintenance_ltv if first else 0.7) * WAD)
    if life.chance(0.5):
        args = (token.address, usual * life.dice.choice((80, 100, 130)) // 100)
        return announced(
            life, Step("raise LTV", admin(side), side.engine, "raise_maintenance_ltv", args)
        )
    args = (token.address, usual * life.dice.choice((70, 90, 95)) // 100)
    return announced(life, Step("initial LTV", admin(side), side.engine, "set_initial_ltv", args))


def set_token_cap(life):
    side, token = _listed(life)
    now = side.model.engine.cap_of.get(token.address, 0)
    small = 10 ** life.world.chain.parts[token.address].decimals * 20
    cap = life.dice.choice((MAX_UINT, MAX_UINT, small, now // 2, 0))
    return announced(
        life, Step("token cap", admin(side), side.engine, "set_token_cap", (token.address, cap))
    )


def delist(life):
    """Announce it, and be ready to make it possible."""
    side, token = _listed(life)
    if token is side.asset and life.chance(0.8):
        return None
    step = Step("delist", admin(side), side.engine, "delist_token", (token.address,))
    return announced(life, step)


def set_terms(life):
    side = life.side()
    terms = side.model.engine.liquidation_terms()
    change = life.dice.choice(
        (
            {"min_bonus": WAD // 200}, {"min_bonus": WAD // 50}, {"min_bonus": WAD // 5},
            {"max_bonus": WAD * 4 // 100}, {"max_bonus": WAD * 7 // 100},
            {"floor_health": WAD * 8 // 10}, {"target_health": WAD * 11 // 10},
            {"target_health": WAD}, {"insurance_share": WAD // 2}, {"insurance_share": WAD},
            {"dust_value": 40 * WAD}, {"dust_value": 0}, {"floor_health": WAD},
            {"target_health": WAD * 13 // 10}, {"max_bonus": WAD // 1_000},
        )
    )  # fmt: skip
    new = replace(terms, **change)
    step = Step(
        "set terms", admin(side), side.engine, "set_liquidation_terms", (astuple(new),), (new,)
    )
    return announced(life, step)


# -- Feeds and tokens ------------------------------------------------------------------------------


def replace_feed(life):
    """Announce another feed, or other bounds, for a token."""
    side, token = _listed(life)
    present = side.model.oracle.feed_of(token.address)
    if present.source == ZERO:
        return None
    source = life.dice.choice((present.source, present.source, life.world.feeds["THIRD"].address))
    decimals = life.world.chain.parts[source].decimals
    scale = 10**decimals, 10**present.decimals
    lowest, highest = (it * scale[0] // scale[1] for it in (present.lowest, present.highest))
    lowest, highest = life.dice.choice(
        (
            (lowest, highest),
            (lowest, highest * 2),
            (highest, lowest),
            (0, highest),
            (lowest, 2**127),
        )
    )
    heartbeat = life.dice.choice((25 * 3_600, 25 * 3_600, 40 * DAY, 0))
    args = (token.address, source, heartbeat, lowest, highest)
    return announced(life, Step("set feed", side.model.oracle.owner, side.oracle, "set_feed", args))


def second_feed(life):
    side, token = _listed(life)
    source = life.dice.choice((life.world.feeds["SECOND"].address, ZERO))
    args = (token.address, source, 25 * 3_600, 10**6, 10**12)
    oracle = side.model.oracle.owner
    return announced(life, Step("second feed", oracle, side.oracle, "set_second_feed", args))


def list_spare(life):
    """Give the spare token a feed and announce its listing."""
    side = life.side()
    token = life.world.tokens["SPARE"].address
    if side.model.oracle.feed_of(token).source == ZERO:
        args = (token, life.world.feeds["SPARE"].address, 25 * 3_600, 10**7, 10**11)
        return Step("first feed", side.model.oracle.owner, side.oracle, "set_feed", args)
    if life.chance(0.2):
        token = life.dice.choice((side.pool, side.asset, life.world.feeds["ODD"])).address
    args = (token, WAD // 2, WAD * 6 // 10, life.dice.choice((MAX_UINT, 10**10)))
    return announced(life, Step("list token", admin(side), side.engine, "list_token", args))


def withdraw_from_fund(life):
    side = life.side()
    token = life.dice.choice((side.pool, side.asset, life.token(side)))
    held = life.world.chain.parts[token.address].balanceOf if token is side.pool else (
        life.world.chain.parts[token.address].balances.get)  # fmt: skip
    amount = (held(side.fund.address) or 0) // 3
    args = (token.address, amount, life.someone())
    owner = side.model.factory.owner
    return announced(life, Step("fund pays", owner, side.fund, "withdraw", args))


def change_officer(life):
    """Name another officer; another act names the usual one again."""
    side = life.side()
    usual = {"set_guardian": 3, "set_compliance_officer": 4}
    method = life.dice.choice(list(usual))
    officer = life.dice.choice((life.world.people[usual[method]], life.someone()))
    return Step("name officer", side.model.factory.owner, side.factory, method, (officer,))


# -- Notice ----------------------------------------------------------------------------------------


def announced(life, step):
    """Mostly announce the step, at times just try it."""
    if life.chance(0.25):
        return step
    life.announced = [*life.announced[-11:], step]
    args = (step.payload,)
    return Step("announce", step.sender, step.target, "announce", args, (step.call,))


def carry_out(life):
    """Do what was announced, mostly when its time has come."""
    if not life.announced:
        return None
    step = life.dice.choice(life.announced)
    ready = life.world.chain.parts[step.target.address].ready_at.get(step.call)
    if ready is None:
        life.announced.remove(step)
        return step
    if ready > life.world.now and life.chance(0.85):
        return replace(step, elapsed=ready - life.world.now + life.dice.choice((-1, 0, 0, 1, 60)))
    return step


def cancel(life):
    if not life.announced:
        return None
    step = life.dice.choice(life.announced)
    return Step("cancel", step.sender, step.target, "cancel", (step.payload,), (step.call,))


def trespass(life):
    """Somebody tries what is not theirs."""
    step, thief = life.dice.choice(GUARDED)(life), life.anyone()
    if step is None or step.sender == thief:
        return None
    return replace(step, act="trespass", sender=thief)


def _listed(life):
    side = life.side()
    token = life.dice.choice([it for it in life.world.tokens.values() if life.is_listed(side, it)])
    if life.chance(0.4):
        token = life.world.tokens["ODD"]
    return side, token


GUARDED = (
    pause, lower_pause, resume, hold, release, set_caps, set_debt_limits, ramp, raise_ltv,
    set_token_cap, delist, set_terms, replace_feed, second_feed, list_spare, withdraw_from_fund,
    change_officer, carry_out, cancel, withdraw, withdraw, borrow, repay_from_vault, enable,
    disable, offer,
)  # fmt: skip
