"""What owners, liquidators and strangers do with vaults."""

from ringfence.model.chain import ZERO
from ringfence.model.refusal import Refused
from tests.stateful.contract import Step
from tests.steps import MAX

REASON = b"reason".ljust(32, b"\0")


def deposit(life):
    side = life.side()
    vault, owner = life.vault(side)
    token = life.token(side)
    payer = life.dice.choice((owner, owner, owner, life.someone()))
    amount = life.amount(side, token, life.dice.choice((100, 20_000, 20_000)))
    return Step("deposit", payer, vault, "deposit", (token.address, amount))


def withdraw(life):
    side = life.side()
    vault, owner = life.vault(side)
    token = life.token_of(side, vault)
    held = life.world.chain.parts[token.address].balances.get(vault.address, 0)
    amount = life.amount(side, token, 5_000)
    if life.chance(0.3):
        amount = life.dice.choice((MAX, held, held + 1, held // 2))
    receiver = owner
    if life.chance(0.2):
        receiver = life.dice.choice((life.vault(side)[0].address, vault.address, ZERO))
    return Step("withdraw", owner, vault, "withdraw", (token.address, amount, receiver))


def borrow(life):
    """Mostly as much as the margin carries, less a little."""
    side = life.side()
    vault, owner = life.vault(side)
    receiver = life.dice.choice((owner, owner, owner, vault.address, ZERO))
    margin = life.margin(side, vault)
    funds = life.assets(side, margin.available_funds) if margin else 0
    if funds > 0 and life.chance(0.8):
        amount = funds * life.dice.choice((30, 80, 95, 99, 100, 101)) // 100
    else:
        amount = life.amount(side, side.asset, 15_000)
    return Step("borrow", owner, vault, "borrow", (amount, receiver))


def repay(life):
    side = life.side()
    vault = life.in_debt(side) or life.vault(side)[0]
    debt = side.model.vaults[vault.address].debt()
    amount = life.dice.choice((debt, debt - 1, debt // 2, 1, MAX, life.dice.randint(0, debt + 2)))
    return Step("repay", life.someone(), vault, "repay", (max(0, amount),))


def repay_from_vault(life):
    side = life.side()
    vault = life.in_debt(side) or life.vault(side)[0]
    owner = side.model.vaults[vault.address].owner()
    amount = life.amount(side, side.asset, 5_000)
    return Step("repay from vault", owner, vault, "repay_from_vault", (amount,))


def enable(life):
    side = life.side()
    vault, owner = life.vault(side)
    return Step("enable", owner, vault, "enable_collateral", (life.token(side).address,))


def disable(life):
    side = life.side()
    vault, owner = life.vault(side)
    token = life.token_of(side, vault).address
    return Step("disable", owner, vault, "disable_collateral", (token,))


def liquidate(life):
    side = life.side()
    vault = life.worst(side)
    return None if life.is_dull(side, vault) else liquidation_of(life, side, vault)


def liquidation_of(life, side, vault, token=None):
    """Mostly a liquidation that the model would let pass."""
    token = token or seizable(life, side, vault)
    caller = life.someone()
    most = MAX
    if life.chance(0.35):
        debt = side.model.vaults[vault.address].debt()
        most = life.dice.choice((0, 1, debt, debt // 2, life.dice.randint(0, debt)))
    least = life.dice.choice((0,) * 12 + (MAX,))
    receiver = life.dice.choice((caller,) * 12 + (ZERO, vault.address, life.vault(side)[0].address))
    deadline = life.dice.choice((MAX,) * 30 + (life.world.now,))
    args = (token, most, least, receiver, deadline, b"")
    return Step("liquidate", caller, vault, "liquidate", args)


def seizable(life, side, vault):
    """Mostly a token against which the vault can be liquidated now."""
    held = side.model.vaults[vault.address].collaterals()
    life.dice.shuffle(held)
    if life.chance(0.75):
        held.sort(key=lambda token: not is_possible(side, vault, token))
    if not held or life.chance(0.05):
        return life.dice.choice((life.token(side).address, ZERO))
    return held[0]


def is_possible(side, vault, token):
    part = side.model.vaults[vault.address]
    try:
        side.model.engine.judge(vault.address, part.collateral_mask(), part.debt(), token, MAX)
    except Refused:
        return False
    return True


def attack(life):
    """Liquidate as a contract that does forbidden and allowed things when it is called back."""
    side = life.side()
    vault = life.worst(side)
    if life.is_dull(side, vault):
        return None
    token = seizable(life, side, vault)
    actor = life.world.actor.address
    moves = life.dice.sample(REACTIONS, life.dice.randint(1, 3))
    reactions = tuple(move(life, side, vault) for move in moves)
    args = (token, MAX, 0, actor, MAX, b"attack")
    return Step("attack", actor, vault, "liquidate", args, reactions=reactions)


def _reaction(target, method, *args):
    def made(life, side, vault):
        place, actor = target(life, side, vault), life.world.actor.address
        known = [arg(life, side, actor) if callable(arg) else arg for arg in args]
        return Step("reaction", actor, place, method, tuple(known))

    return made


def _pool(life, side, vault):
    return side.pool


def _locked(life, side, vault):
    return vault


def _another(life, side, vault):
    return life.worst(life.side())


def _assets(life, side, actor):
    return life.amount(side, side.asset, 50_000)


def _actor(life, side, actor):
    return actor


def _a_token(life, side, actor):
    return life.token(side).address


def prepare(life):
    """Choose what the contract that attacks does when a token calls it in the middle."""
    side = life.side()
    own = [it for it in side.vaults if _owner(side, it) == life.world.actor.address]
    vault = life.dice.choice(own) if own and life.chance(0.8) else life.vault(side)[0]
    reactions = tuple(move(life, side, vault) for move in life.dice.sample(REACTIONS, 2))
    planned = [(it.target.address, it.payload) for it in reactions]
    return Step("prepare", life.keeper, life.world.actor, "set_reactions", (planned,),
                reactions=reactions)  # fmt: skip


def hook(life):
    """Let a token call the contract that attacks after each transfer, or no longer."""
    target = life.dice.choice((life.world.actor.address, life.world.actor.address, ZERO))
    return Step("hook", life.keeper, life.world.tokens["ODD"], "set_hook", (target,))


def _owner(side, vault):
    return side.model.vaults[vault.address].owner()


REACTIONS = (
    _reaction(_pool, "deposit", _assets, _actor),
    _reaction(_pool, "withdraw", _assets, _actor, _actor),
    _reaction(_pool, "accrue"),
    _reaction(_pool, "collect"),
    _reaction(_pool, "transfer", lambda life, *_: life.someone(), _assets),
    _reaction(_locked, "repay", 1),
    _reaction(_locked, "deposit", _a_token, 10),
    _reaction(_locked, "withdraw", _a_token, MAX, _actor),
    _reaction(_locked, "realise_loss"),
    _reaction(_locked, "liquidate", _a_token, MAX, 0, _actor, MAX, b""),
    _reaction(_another, "liquidate", _a_token, MAX, 0, _actor, MAX, b""),
    _reaction(_another, "withdraw", _a_token, MAX, _actor),
    _reaction(_another, "realise_loss"),
    _reaction(_another, "repay", _assets),
    _reaction(_another, "deposit", _a_token, 1_000),
)


def realise_loss(life):
    side = life.side()
    vault = life.worst(side)
    if life.is_dull(side, vault):
        return None
    return Step("realise loss", life.someone(), vault, "realise_loss")


def donate(life):
    """Tokens that nobody asked for, to whatever address."""
    side = life.side()
    token = life.token(side)
    place = life.dice.choice((life.vault(side)[0], side.pool, side.fund, side.fund)).address
    amount = life.dice.choice((1, life.amount(side, token, 3_000))) % 10**30
    return Step("donate", life.someone(), token, "transfer", (place, amount))


def offer(life):
    side = life.side()
    vault, owner = life.vault(side)
    candidate = life.dice.choice((*life.world.holders, life.world.people[1], ZERO))
    return Step("offer vault", owner, vault, "transfer_ownership", (candidate,))


def accept(life):
    side = life.side()
    offered = [it for it in side.vaults if _pending(side, it) != ZERO]
    vault = life.dice.choice(offered) if offered else life.vault(side)[0]
    candidate = _pending(side, vault)
    sender = candidate if candidate in life.world.people + life.world.holders else life.someone()
    return Step("accept vault", sender, vault, "accept_ownership")


def _pending(side, vault):
    return side.model.vaults[vault.address].pending_owner()


def open_vault(life):
    return life.dice.choice(life.world.openings())


def open_house_vault(life):
    side = life.side()
    sender = life.dice.choice((side.model.factory.owner, life.someone()))
    return Step("open house vault", sender, side.factory, "open_house_vault", (bytes(32),))


def pose(life):
    """Call what only another contract may call: as if one were a vault, the pool, the factory."""
    side, thief = life.side(), life.someone()
    vault = life.vault(side)[0]
    amount = life.amount(side, side.asset, 10_000)
    target, method, args = life.dice.choice(
        (
            (side.pool, "borrow", (amount, thief, 0)),
            (side.pool, "repay", (amount, amount)),
            (side.pool, "settle", (0, 0, 0, 0)),
            (side.fund, "cover", (amount,)),
            (vault, "initialize", (thief, 1)),
            (side.factory, "accept_ownership", ()),
            (side.oracle, "accept_ownership", ()),
            (side.factory, "open_vault", (ZERO, bytes(32))),
            (side.factory, "open_vault", (side.model.factory.owner, bytes(32))),
        )
    )
    return Step("pose", thief, target, method, args)
