"""Each math function against its model, on as many inputs as asked for.

`make differential` runs a million; the suite runs a small share of them.
"""

import os
import time
from itertools import islice

import pytest

from ringfence.model.refusal import Refused
from tests.math.ranges import RANGES, Range

INPUTS = int(os.environ.get("INPUTS", 20_000))  # of all functions together
SEED = int(os.environ.get("SEED", 0))
CHUNK = 20_000


@pytest.mark.parametrize("case", RANGES, ids=lambda case: case.name)
def test_contract_equals_model(twins, case):
    started = time.monotonic()
    rows = case.rows(-(-INPUTS // len(RANGES)), SEED)
    compared = refused = 0
    while chunk := list(islice(rows, CHUNK)):
        twins.agree(case.model, chunk)
        compared += len(chunk)
        refused += sum(is_refused(case, row) for row in chunk)

    seconds = time.monotonic() - started
    print(f"{case.name:20}{compared:>10,} inputs{refused:>10,} refused{seconds:>8.1f} s")
    assert refused < compared


def is_refused(case: Range, row: tuple[int, ...]) -> bool:
    try:
        case.model(*row)
    except Refused:
        return True
    return False
