"""Function by pause level, hold, debt and price: what is open, what is shut, and why.

The table in contracts/README.md in executable form; each cell is asked on the chain.
"""

from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace

import ape
import pytest

from tests.steps import DAY, MAX, USDC, WETH, give, lend, price, put, refresh

SHARE = 10**12
REASON = bytes(32)


@dataclass(frozen=True)
class State:
    level: int
    is_held: bool
    in_debt: bool
    is_alive: bool

    def __str__(self):
        return "-".join(
            [
                f"level{self.level}",
                "held" if self.is_held else "free",
                "debt" if self.in_debt else "no_debt",
                "alive" if self.is_alive else "dead",
            ]
        )


STATES = [
    State(*values) for values in product((0, 1, 2), (False, True), (False, True), (True, False))
]


@pytest.fixture
def scene(
    chain, market, vault, other_vault, owner, neighbour, lender, guardian, officer, feed_keeper
):
    """Who and what takes part, with tokens and allowances for all that follows."""
    usdc, weth = market.asset, market.tokens["WETH"]
    lend(market, lender, 1_000_000 * USDC)
    put(vault, weth, 100 * WETH, owner)
    put(other_vault, weth, WETH, neighbour)
    for payer in (owner, lender):
        give(usdc, payer, 50_000 * USDC, vault)
        give(weth, payer, WETH, vault)
    give(usdc, lender, USDC, market.pool)
    return SimpleNamespace(
        chain=chain, market=market, pool=market.pool, usdc=usdc, weth=weth,
        dai=market.tokens["DAI"],
        vault=vault, other=other_vault, owner=owner, neighbour=neighbour, lender=lender,
        guardian=guardian, officer=officer, feed_keeper=feed_keeper,
    )  # fmt: skip


def enter(scene, state):
    if state.in_debt:
        scene.usdc.mint(scene.vault, 2_000 * USDC, sender=scene.owner)  # stray: not enabled
        scene.vault.borrow(5_000 * USDC, scene.owner, sender=scene.owner)
    if state.is_alive:
        refresh(scene.market, scene.feed_keeper)
    else:
        scene.chain.mine(deltatime=2 * DAY)
    if state.level:
        scene.pool.pause(state.level, DAY, sender=scene.guardian)
    if state.is_held:
        until = scene.chain.pending_timestamp + DAY
        scene.vault.place_hold(REASON, until, sender=scene.officer)


def expect(refusal, method, *args, sender):
    """Ask for a call without making it: it passes, or is refused for the reason that is due."""
    if refusal is None:
        method.call(*args, sender=sender)
    else:
        with ape.reverts(refusal):
            method.call(*args, sender=sender)


# -- Cells -----------------------------------------------------------------------------------------


def withdraw(scene, state):
    refusal = None
    if state.in_debt and not state.is_alive:
        refusal = "engine: dead price"
    if state.in_debt and state.level == 2:
        refusal = "vault: paused"
    if state.is_held:
        refusal = "vault: on hold"
    expect(refusal, scene.vault.withdraw, scene.weth, WETH, scene.owner, sender=scene.owner)


def withdraw_what_is_no_collateral(scene, state):
    refusal = None if state.in_debt else "vault: zero amount"  # there is none
    if state.in_debt and state.level == 2:
        refusal = "vault: paused"
    if state.is_held:
        refusal = "vault: on hold"
    expect(refusal, scene.vault.withdraw, scene.usdc, MAX, scene.owner, sender=scene.owner)


def borrow(scene, state):
    refusal = None if state.is_alive else "engine: dead price"
    if state.level:
        refusal = "pool: paused"
    if state.is_held:
        refusal = "vault: on hold"
    expect(refusal, scene.vault.borrow, 1_000 * USDC, scene.owner, sender=scene.owner)


def disable_collateral(scene, state):
    refusal = "vault: not enough margin" if state.in_debt else None  # its own price is not asked
    if state.in_debt and state.level == 2:
        refusal = "vault: paused"
    expect(refusal, scene.vault.disable_collateral, scene.weth, sender=scene.owner)


def enable_collateral(scene, state):
    refusal = None if state.is_alive else "vault: dead price"
    expect(refusal, scene.vault.enable_collateral, scene.dai, sender=scene.owner)


def deposit(scene, state):
    for payer in (scene.owner, scene.lender):
        expect(None, scene.vault.deposit, scene.weth, WETH, sender=payer)


def repay(scene, state):
    refusal = None if state.in_debt else "vault: no debt"
    for payer in (scene.owner, scene.lender):
        expect(refusal, scene.vault.repay, 1_000 * USDC, sender=payer)
        expect(refusal, scene.vault.repay, MAX, sender=payer)
    if state.in_debt:
        expect(None, scene.vault.repay_from_vault, 1_000 * USDC, sender=scene.owner)


def hand_over(scene, state):
    scene.vault.transfer_ownership(scene.lender, sender=scene.owner)
    expect(None, scene.vault.accept_ownership, sender=scene.lender)


def lend_to_the_pool(scene, state):
    refusal = "pool: paused" if state.level else None
    expect(refusal, scene.pool.deposit, USDC, scene.lender, sender=scene.lender)
    expect(refusal, scene.pool.mint, SHARE, scene.lender, sender=scene.lender)
    assert (scene.pool.maxDeposit(scene.lender) == 0) == (state.level > 0)
    assert (scene.pool.maxMint(scene.lender) == 0) == (state.level > 0)


def leave_the_pool(scene, state):
    lender = scene.lender
    expect(None, scene.pool.withdraw, USDC, lender, lender, sender=lender)
    expect(None, scene.pool.redeem, SHARE, lender, lender, sender=lender)
    expect(None, scene.pool.transfer, scene.owner, SHARE, sender=lender)


def keep_the_books(scene, state):
    expect(None, scene.pool.accrue, sender=scene.lender)
    expect(None, scene.pool.collect, sender=scene.lender)


def a_bystander_leaves(scene, state):
    """Hold, debt and pause concern others; a vault without debt always lets its owner out."""
    expect(
        None, scene.other.withdraw, scene.weth, MAX, scene.neighbour, sender=scene.neighbour
    )  # fmt: skip


def liquidate(scene, state):
    """With a dead price the token counts at its last answer and cannot be seized itself."""
    refusal = None if state.is_alive else "engine: vault is healthy"
    if not state.in_debt:
        refusal = "vault: no debt"
    if state.is_alive:
        price(scene.market, "WETH", 40, scene.feed_keeper)
    lender = scene.lender
    expect(
        refusal, scene.vault.liquidate, scene.weth, MAX, 0, lender, MAX, b"", sender=lender
    )  # fmt: skip


def realise_a_loss(scene, state):
    scene.weth.rebase(scene.vault, 0, sender=scene.lender)  # the collateral is gone
    refusal = None if state.in_debt else "vault: no debt"
    expect(refusal, scene.vault.realise_loss, sender=scene.lender)


CELLS = [
    withdraw, withdraw_what_is_no_collateral, borrow, disable_collateral, enable_collateral,
    deposit, repay, hand_over, lend_to_the_pool, leave_the_pool, keep_the_books, a_bystander_leaves,
    liquidate, realise_a_loss,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=str)
def test_pause_matrix(scene, state):
    enter(scene, state)

    for cell in CELLS:
        cell(scene, state)
