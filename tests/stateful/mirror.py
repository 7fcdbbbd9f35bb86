"""Does in the model what a step does on the chain, mocks and callbacks included."""

from functools import partial

from ringfence.model.chain import Part
from ringfence.model.refusal import Refused, check

RETURNS_FALSE, REVERTS, HIDES, LIES = 2, 4, 8, 32
UNSIGNED = {"accrue", "collect", "realise_loss", "set_answer", "set_times", "mint", "rebase"}
MOCKS = {"MockToken", "MockFeed"}


class ActorModel(Part):
    """Mirror of `mocks/MockActor.vy`, as far as it reacts to callbacks."""

    stored = ("reactions", "is_reacting")

    def __init__(self, chain, address):
        super().__init__(chain, address)
        self.reactions = ()  # steps that it takes when it is called back
        self.is_reacting = False


def refusal_of(world, step):
    """Take a step in the model; return the reason if it refuses, else None."""
    world.entered = []  # contracts that let nobody in, from the outermost on
    try:
        with world.chain.transaction():
            _do(world, step)
    except Refused as refused:
        return refused.reason
    return None


def _do(world, step):
    at = step.target.address
    check(at not in world.entered, "")
    world.entered.append(at)
    try:
        _call(world, step)
    finally:
        world.entered.pop()


def _call(world, step):
    known = SPECIAL.get((step.target.kind, step.method))
    part = world.chain.parts[step.target.address]
    if known is not None:
        known(world, part, step)
        return
    is_unsigned = step.method in UNSIGNED and (
        step.target.kind in MOCKS or step.method not in ("mint",)
    )
    signed = {} if is_unsigned else {"sender": step.sender}
    getattr(part, step.method)(*step.words, **signed)


def _liquidate(world, part, step):
    callback = None
    if step.reactions:
        world.chain.parts[world.actor.address].reactions = step.reactions

        def callback(*_):
            _react(world)

    part.liquidate(*step.words[:5], callback, sender=step.sender)


def _react(world):
    """What the actor does in the middle of something; each reaction succeeds or is undone."""
    actor = world.chain.parts[world.actor.address]
    if actor.is_reacting or world.chain.is_gas_short:
        return
    actor.is_reacting = True
    for reaction in actor.reactions:
        saved = world.chain.save()
        try:
            _do(world, reaction)
        except Refused:
            world.chain.load(saved)
    actor.is_reacting = False


def _set_reactions(world, part, step):
    part.reactions = step.reactions


def _set_hook(world, part, step):
    (hook,) = step.args
    part.hook = partial(_react, world) if hook == world.actor.address else None


def _open_vault(world, part, step):
    owner, label = step.args
    vault = part.open_vault(owner, label, vault=world.vault_at(step), sender=step.sender)
    world.register(step.target, vault.address)


def _initialize(world, part, step):
    check(step.sender == part.factory.address, "vault: not the factory")


def _open_house_vault(world, part, step):
    vault = part.open_house_vault(*step.args, vault=world.vault_at(step), sender=step.sender)
    world.register(step.target, vault.address)


def _set_token_quirks(world, part, step):
    (quirks,) = step.args
    part.returns_false = bool(quirks & RETURNS_FALSE)
    part.reverts = bool(quirks & REVERTS)
    part.hides_balances = bool(quirks & HIDES)
    part.claimed_balance = world.claims.get(part.address, 0) if quirks & LIES else None


def _set_claimed_balance(world, part, step):
    (world.claims[part.address],) = step.args
    if part.claimed_balance is not None:
        (part.claimed_balance,) = step.args


def _set_blocked(world, part, step):
    account, is_blocked = step.args
    if is_blocked:
        part.blocked.add(account)
    else:
        part.blocked.discard(account)


def _set_fee(world, part, step):
    (part.fee,) = step.args


def _set_feed_quirks(world, part, step):
    part.is_down = step.args[0] != 0


SPECIAL = {
    ("Vault", "liquidate"): _liquidate,
    ("VaultFactory", "open_vault"): _open_vault,
    ("VaultFactory", "open_house_vault"): _open_house_vault,
    ("Vault", "initialize"): _initialize,
    ("MockToken", "set_quirks"): _set_token_quirks,
    ("MockToken", "set_claimed_balance"): _set_claimed_balance,
    ("MockToken", "set_blocked"): _set_blocked,
    ("MockToken", "set_fee"): _set_fee,
    ("MockToken", "set_hook"): _set_hook,
    ("MockActor", "set_reactions"): _set_reactions,
    ("MockFeed", "set_quirks"): _set_feed_quirks,
}
