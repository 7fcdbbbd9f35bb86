"""Two markets live random lives: after each step the chains equal the model, refusals included,
and every invariant holds.

The walk is seeded, so that it can be long, guided and replayed; Hypothesis draws from the same acts
through the same dice, and shortens what it finds. `pytest -s` prints what happened.
"""

from random import Random
from time import monotonic

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from ringfence.deployment.site import IN_PROCESS
from ringfence.ledger.account import UNKNOWN
from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from tests.ledger.agreement import assert_agree
from tests.stateful.walk import Walk, printed, walk

STEPS = {"foundry": 6_000, "hardhat": 500, "test": 500}
SECONDS = 90  # at most; what a slow machine does not reach, `make deep` does
BRIEF = settings(
    max_examples=8,
    stateful_step_count=50,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
PACE = {"test": 25}  # steps from one comparison to the next, where one takes a second


@pytest.mark.short
def test_markets_equal_their_model(world, chain, ledgers):
    """A failure names the seed of the life and the step. After each life the books of both markets,
    which follow the chain as it goes back to where a life starts, equal the chain.
    """
    name = chain.provider.name
    began = monotonic()

    def at_end():
        if name == IN_PROCESS:
            return  # its logs take minutes to read
        for side, ledger in zip(world.sides, ledgers, strict=True):
            assert_books(world, side, ledger)

    tally = walk(
        world, "ci", STEPS[name], until=began + SECONDS, pace=PACE.get(name, 1), at_end=at_end
    )

    print(f"\n{printed(tally)}\n{tally['steps'] / (monotonic() - began):.0f} steps/s")
    assert tally["steps"] > 0


@pytest.fixture
def ledgers(world, tmp_path):
    return [Store.open(str(tmp_path / it.name), about(it.market)) for it in world.sides]


def assert_books(world, side, ledger):
    """The fold of what was logged is what the vaults say and what the model knows they hold."""
    Follower(side.market, ledger).follow()
    books = Books.at(side.market, ledger)
    assert set(books.accounts) == {vault.address for vault in side.vaults}
    for account in books.accounts.values():
        assert_agree(side.market, account)
        for token in world.tokens.values():
            if not world.silent & {token.address, (token.address, account.vault)}:
                assert not [it for it in account.unmatched if it.token == token.address]
                assert not odd(account, token)
                held = world.chain.parts[token.address].balances.get(account.vault, 0)
                assert account.balances.get(token.address, 0) == held


def odd(account, token):
    """Flows of a token that nothing explains."""
    return [it for it in account.flows if it.token == token.address and it.kind == UNKNOWN]


def test_hypothesis_finds_no_difference(world, chain):
    if chain.provider.name != "foundry":
        pytest.skip("the other chains are too slow to shorten anything")

    run_state_machine_as_test(_machine_of(world), settings=BRIEF)


def _machine_of(world):
    class Machine(RuleBasedStateMachine):
        """The same acts, drawn by Hypothesis."""

        def __init__(self):
            super().__init__()
            self.walk = Walk(world, Random(0))

        @rule(dice=st.randoms(use_true_random=False))
        def step(self, dice):
            self.walk.roll(dice)
            self.walk.step()

    return Machine
