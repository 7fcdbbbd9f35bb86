"""What happens to vaults in a mixed life, by owners, strangers, liquidators and hostile tokens.

Each function draws one move from what there is to see, or returns None where nothing fits.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.stateful.contract import Contract
from tests.steps import DAY, MAX, RAY, USDC, WAD, WBTC, WETH, ZERO

PER_ASSET = WAD // USDC  # [WAD] of value that a unit of the credit asset has
USUAL = {"WETH": 20 * WETH, "WBTC": WBTC // 2, "DAI": 4_000 * WAD, "USDC": 4_000 * USDC}
REASON = b"order".ljust(32, b"\0")
# Of the usual price, after a fall and after a recovery [%]; then whoever owes is healthy again.
CRASH = {"WETH": (60, 85), "WBTC": (65, 90), "DAI": (97, 100)}
CALM = {"WETH": (100, 108), "WBTC": (100, 108), "DAI": (99, 101)}


@dataclass(frozen=True)
class Tx:
    """A call of a contract, which is to be mined."""

    sender: str
    target: Contract
    method: str
    args: tuple = ()


@dataclass(frozen=True)
class Move:
    """A transaction, the vaults that it touches, and the approvals that it needs before it."""

    tx: Tx
    vaults: tuple[str, ...] = ()
    needs: tuple[Tx, ...] = ()


# -- Money in --------------------------------------------------------------------------------------


def deposit(life):
    vault = life.pick()
    return vault and _deposit(life, vault, vault.owner)


def top_up(life):
    vault = life.pick()
    return vault and _deposit(life, vault, life.stranger)


def _deposit(life, vault, payer):
    token, amount = _some_money(life)
    tx = _tx(life, payer, vault, "deposit", token.address, amount)
    return Move(tx, (vault.address,), life.approvals(payer, token, vault))


def donation(life):
    vault = life.pick()
    token, amount = _some_money(life)
    return vault and _by_stranger(life, token, "transfer", (vault.address, amount), vault)


def stray_donation(life):
    vault = life.pick()
    amount = life.dice.randint(1, WAD)
    return vault and _by_stranger(life, life.stray, "transfer", (vault.address, amount), vault)


def _some_money(life):
    (symbol,) = life.dice.choices(tuple(USUAL), (6, 2, 1, 1))  # mostly what prices move
    return life.tokens[symbol], life.dice.randint(USUAL[symbol] // 10, USUAL[symbol])


# -- Debt ------------------------------------------------------------------------------------------


def loan(life):
    vault = life.pick(lambda it: _may_borrow(life, it))
    return vault and _borrow(life, vault, vault.owner)


def loan_into_the_vault(life):
    vault = life.pick(lambda it: _may_borrow(life, it))
    return vault and _borrow(life, vault, vault.address)


def _may_borrow(life, vault):
    return not vault.is_held and vault.available > 2 * life.smallest_debt * PER_ASSET


def _borrow(life, vault, receiver):
    assets = vault.available // PER_ASSET * life.dice.randint(70, 98) // 100
    return Move(_tx(life, vault.owner, vault, "borrow", assets, receiver), (vault.address,))


def repayment(life):
    vault = life.pick(lambda it: it.debt > 0)
    if vault is None:
        return None
    payer = life.dice.choice((vault.owner, vault.owner, life.stranger))
    is_part = vault.debt > 3 * life.smallest_debt and life.dice.random() < 0.8
    tx = _tx(life, payer, vault, "repay", vault.debt // 3 if is_part else MAX)
    return Move(tx, (vault.address,), life.approvals(payer, life.asset, vault))


def repayment_from_the_vault(life):
    asset = life.asset.address
    vault = life.pick(lambda it: it.holds[asset] > 0 and it.debt > 3 * life.smallest_debt)
    if vault is None:
        return None
    assets = min(vault.holds[asset], vault.debt // 3)
    return Move(_tx(life, vault.owner, vault, "repay_from_vault", assets), (vault.address,))


# -- Money out -------------------------------------------------------------------------------------


def withdrawal(life):
    vault = life.pick(_may_withdraw)
    return vault and _withdraw(life, vault, vault.owner)


def withdrawal_to_a_vault(life):
    vault = life.pick(_may_withdraw)
    other = vault and life.pick(lambda it: it.owner != vault.owner)
    return other and _withdraw(life, vault, other.address, other.address)


def _may_withdraw(vault):
    return not vault.is_held and vault.available >= 0 and any(vault.holds.values())


def _withdraw(life, vault, receiver, *others):
    """Some of a token; of collateral no larger part than margin leaves of all collateral."""
    token = life.dice.choice([it for it, held in vault.holds.items() if held > 0])
    share = WAD
    if vault.debt > 0 and token in vault.enabled:
        share = min(WAD, 95 * WAD * vault.available // vault.worth // 100) if vault.worth else 0
    amount = vault.holds[token] * share // WAD * life.dice.randint(20, 100) // 100
    if amount == 0:
        return None
    tx = _tx(life, vault.owner, vault, "withdraw", token, amount, receiver)
    return Move(tx, (vault.address, *others))


# -- Liquidation -----------------------------------------------------------------------------------


def liquidation(life):
    vault = life.pick(lambda it: it.health < WAD)
    if vault is None:
        return None
    most = life.dice.choice((MAX, MAX, vault.debt // 2))
    for token in life.dice.sample(vault.enabled, len(vault.enabled)):
        if life.would_pass(life.engine, "quote_liquidation", vault.address, token, most):
            terms = (token, most, 0, life.liquidator, MAX, b"")
            tx = _tx(life, life.liquidator, vault, "liquidate", *terms)
            needs = life.approvals(life.liquidator, life.asset, vault)
            return Move(tx, (vault.address,), needs)
    return None


# -- Whose it is, what counts ----------------------------------------------------------------------


def offer(life):
    vault = life.pick(lambda it: it.candidate is None and it.owner != life.house)
    candidate = life.dice.choice(life.owners)
    return vault and _by_owner(life, vault, "transfer_ownership", candidate)


def acceptance(life):
    vault = life.pick(lambda it: it.candidate is not None)
    if vault is None:
        return None
    return Move(_tx(life, vault.candidate, vault, "accept_ownership"), (vault.address,))


def enabling(life):
    token = life.dice.choice(tuple(life.tokens.values())).address
    vault = life.pick(lambda it: token not in it.enabled)
    return vault and _by_owner(life, vault, "enable_collateral", token)


def disabling(life):
    vault = life.pick(lambda it: it.debt == 0 and it.enabled)
    return vault and _by_owner(life, vault, "disable_collateral", life.dice.choice(vault.enabled))


def _by_owner(life, vault, method, *args):
    return Move(_tx(life, vault.owner, vault, method, *args), (vault.address,))


def hold(life):
    vault = life.pick(lambda it: not it.is_held)
    return vault and _by_officer(life, vault, "place_hold", REASON, life.now + 10 * DAY)


def release(life):
    vault = life.pick(lambda it: it.is_held)
    return vault and _by_officer(life, vault, "release_hold")


def _by_officer(life, vault, method, *args):
    return Move(_tx(life, life.officer, vault, method, *args), (vault.address,))


# -- Hostile tokens --------------------------------------------------------------------------------


def empty_transfer(life):
    """Of nothing, out of a vault: tokens let anybody do that, and log it."""
    vault = life.pick()
    token = life.dice.choice(tuple(life.tokens.values()))
    return vault and _by_stranger(
        life, token, "transferFrom", (vault.address, life.stranger, 0), vault
    )


def forged_transfer(life):
    """Told by a token, into a vault, out of it or both, and never made; some are absurdly large."""
    vault, other = life.pick(), life.pick()
    if vault is None:
        return None
    ends = [vault.address, life.dice.choice((ZERO, life.stranger, vault.owner, other.address))]
    life.dice.shuffle(ends)
    amount = life.dice.choice((0, 1, WAD, RAY, MAX))
    return _by_stranger(life, life.forger, "forge", (*ends, amount), vault, other)


def rebase(life):
    vault = life.pick()
    balance = life.dice.randint(0, RAY)
    return vault and _by_stranger(life, life.liar, "rebase", (vault.address, balance), vault)


def lie(life):
    claimed = life.dice.choice((0, 1, RAY, MAX))
    return _by_stranger(life, life.liar, "set_claimed_balance", (claimed,))


def _by_stranger(life, target, method, args, *vaults):
    return Move(Tx(life.stranger, target, method, args), tuple(it.address for it in vaults))


# -- Prices ----------------------------------------------------------------------------------------


def prices(life, is_crash):
    """A new price of each token; it is mined apart from all else."""
    for symbol, feed in life.feeds.items():
        percent = life.dice.randint(*(CRASH if is_crash else CALM)[symbol])
        answer = life.usual_prices[symbol] * percent // 100
        yield _by_stranger(life, feed, "set_answer", (answer,))


def _tx(life, sender, vault, method, *args):
    return Tx(sender, life.contract(vault), method, args)


# Kind of a move -> how often it is drawn, and what draws it.
DRAWN = {
    "deposit": (16, deposit),
    "top-up": (6, top_up),
    "loan": (14, loan),
    "loan into the vault": (5, loan_into_the_vault),
    "repayment": (6, repayment),
    "repayment from the vault": (4, repayment_from_the_vault),
    "withdrawal": (10, withdrawal),
    "withdrawal to a vault": (4, withdrawal_to_a_vault),
    "donation": (7, donation),
    "stray donation": (5, stray_donation),
    "liquidation": (8, liquidation),
    "offer": (3, offer),
    "acceptance": (3, acceptance),
    "hold": (2, hold),
    "release": (2, release),
    "enabling": (3, enabling),
    "disabling": (2, disabling),
    "empty transfer": (3, empty_transfer),
    "forged transfer": (5, forged_transfer),
    "rebase": (2, rebase),
    "lie": (1, lie),
}
