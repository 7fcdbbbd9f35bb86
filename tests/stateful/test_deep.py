"""`make deep MINUTES=n`: the walk goes on for as long as one likes, from a seed that it prints."""

import os
from collections import Counter
from random import SystemRandom
from time import monotonic

import pytest

from tests.stateful.walk import printed, walk

MINUTES = float(os.environ.get("DEEP_MINUTES") or 0)
SEED = os.environ.get("DEEP_SEED") or f"deep-{SystemRandom().randrange(10**6)}"

pytestmark = pytest.mark.skipif(MINUTES == 0, reason="runs as `make deep MINUTES=n`")


def test_deep_walk(world):
    tally, began = Counter(), monotonic()
    print(f"\nSeed {SEED}: replay with `make deep MINUTES={MINUTES:g} SEED={SEED}`")

    try:
        walk(world, SEED, 10**9, tally, until=began + 60 * MINUTES)
    finally:
        speed = tally["steps"] / (monotonic() - began)
        print(f"{printed(tally)}\n{tally['steps']:,} steps, {speed:.0f} steps/s, seed {SEED}")
