"""Walks through random lives: each step on the chain and in the model, then all is compared."""

from collections import Counter
from random import Random
from time import monotonic

from ringfence.model.judgement import Liquidation
from tests.stateful import plans
from tests.stateful.census import Census
from tests.stateful.chances import ACTS, WEIGHTS
from tests.stateful.laws import Laws
from tests.stateful.life import Life
from tests.steps import DAY, YEAR

ELAPSED = (1, 12, 60, 3_600, 10 * 3_600, 3 * DAY, 30 * DAY, YEAR)
ELAPSED_WEIGHTS = (500, 200, 100, 50, 8, 2.5, 0.7, 0.15)
LIFE = 600  # steps


class Walk:
    """One life, a step at a time."""

    def __init__(self, world, dice, tally=None, pace=1):
        self.world, self.dice, self.pace = world, dice, pace
        self.tally = Counter() if tally is None else tally
        world.restart()
        self.life = Life(world, dice)
        self.life.draw = lambda life: life.dice.choices(ACTS, WEIGHTS)[0]
        self.laws = Laws(world)
        self.census = Census(world)
        plans.begin(self.life)
        self.unseen = 0  # [s] since the keeper of the feeds last came round
        self.steps, self.vaults = 0, self._vault_count()

    def roll(self, dice):
        """Decide by other dice from now on."""
        self.dice = self.life.dice = dice

    def step(self):
        """Take the next step; nothing happens where an act finds nothing to do."""
        step = self._next()
        if step is None:
            return
        elapsed = step.elapsed or self.dice.choices(ELAPSED, ELAPSED_WEIGHTS)[0]
        self.unseen += elapsed
        if self.unseen > 18 * 3_600 and self.dice.random() < 0.4:
            self.unseen = 0
            plans.refresh_all(self.life)
        self.steps += 1
        try:
            self._take(step, elapsed)
        except AssertionError as error:
            raise AssertionError(f"step {self.steps}, {elapsed} s later, {step}\n{error}") from None

    def _next(self):
        if self.life.plan:
            return self.life.plan.pop(0)()
        return self.life.random_step()

    def _take(self, step, elapsed):
        self.world.chain.now = self.world.now + elapsed
        seen = self.laws.before(step)
        outcome, refusal = self.world.take(step, elapsed)
        assert outcome.refusal == refusal, f"chain: {outcome.refusal!r}, model: {refusal!r}"
        if self._vault_count() != self.vaults:
            self.census, self.vaults = Census(self.world), self._vault_count()
            self.laws.words = None
        if self.steps % self.pace == 0:
            said = self.census.compare()
            self.laws.after(step, outcome, seen, said, self.census)
        else:
            self.laws.words = None
        self._count(step, outcome, seen)

    def _vault_count(self):
        return [len(side.vaults) for side in self.world.sides]

    # -- Counting --------------------------------------------------------------------------------

    def _count(self, step, outcome, seen):
        how = (
            "passed" if outcome.refusal is None else f"refused: {outcome.refusal or '(no reason)'}"
        )
        self.tally["steps"] += 1
        self.tally[f"{step.act} | {how}"] += 1
        for _, topics in outcome.logs:
            self.tally[f"event | {self.world.events.get(topics[0], 'of a mock')}"] += 1
        is_judged = step.target.kind == "Vault" and isinstance(seen.verdict, Liquidation)
        if outcome.refusal is None and is_judged:
            for trait in self._traits(step, seen):
                self.tally[f"liquidation | {trait}"] += 1

    def _traits(self, step, seen):
        side = self.world.side_of(step.target)
        part, verdict = side.model.vaults[step.target.address], seen.verdict
        if verdict.repaid:
            yield "deep" if seen.is_deep else "normal"
            yield "closes the debt" if part.debt() == 0 else "partial"
            if verdict.mask != seen.mask:
                yield "exhausts a token"
        if verdict.own_repaid:
            yield "own asset"
        if verdict.insurance:
            yield "pays insurance"
        if seen.dead:
            yield "with a dead token"
        if verdict.bad_debt:
            yield "write-off"
        if step.reactions:
            yield "with a callback"


def walk(world, seed, steps, tally=None, until=None, pace=1, at_end=lambda: None):
    """Live lives one after the other, each with a seed of its own; return the tally.

    What each leaves behind is looked at `at_end`.

    The seed of one life, such as `x.7`, begins with that life.
    """
    tally = Counter() if tally is None else tally
    seed, _, first = str(seed).partition(".")
    number = int(first or 0)
    while tally["steps"] < steps and (until is None or monotonic() < until):
        life_seed = f"{seed}.{number}"
        one = Walk(world, Random(life_seed), tally, pace)
        try:
            while one.steps < LIFE and tally["steps"] < steps:
                if until is not None and monotonic() >= until:
                    break
                one.step()
            at_end()
        except AssertionError as error:
            raise AssertionError(f"seed {life_seed}: {error}") from None
        number += 1
    return tally


def printed(tally):
    """The tally for people."""
    return "\n".join(f"{count:8,}  {what}" for what, count in sorted(tally.items()))
