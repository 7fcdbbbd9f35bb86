"""`judge` and `quote_liquidation` of the engine against the model, on made-up vaults in batches."""

import os
import time
from collections import Counter
from itertools import islice

import pytest

from tests.math.stage import TERMS, Stage, StageModel, scenes

INPUTS = int(os.environ.get("INPUTS", 3_000)) // 2  # of either function
SEED = int(os.environ.get("SEED", 0))
CHUNK = 10_000


@pytest.fixture(scope="module", params=range(len(TERMS)))
def sides(request, project, accounts, chain):
    """The engine with some liquidation terms, and its model."""
    terms = TERMS[request.param]
    return Stage(project, accounts[0], chain.provider, terms), StageModel(terms)


@pytest.mark.parametrize("name", ["judged", "quoted"])
def test_verdicts_are_the_models(sides, name):
    stage, model = sides
    started = time.monotonic()
    rows = scenes(INPUTS // len(TERMS), SEED)
    outcomes = Counter()
    while chunk := list(islice(rows, CHUNK)):
        for asked, found in zip(chunk, stage.answers(name, chunk), strict=True):
            expected = model.answer(name, asked)
            assert found == expected, f"{name} {asked}: contract {found}, model {expected}"
            outcomes[outcome(found)] += 1

    print(f"{name:20}{outcomes.total():>10,} inputs{time.monotonic() - started:>8.1f} s")
    for reason, count in outcomes.most_common():
        print(f"    {count:>9,} {reason}")
    assert outcomes["liquidated"] > outcomes.total() // 10


def outcome(answer):
    success, word, *_ = answer
    if success:
        return "liquidated"
    return word.to_bytes(32).rstrip(b"\0").decode() or "overflow"
