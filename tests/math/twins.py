"""Runs a contract function and its model on the same inputs, hundreds in one call."""

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence

from hypothesis import HealthCheck, settings

from ringfence.model.fixed_point import MAX_UINT, RAY, WAD
from ringfence.model.refusal import Refused

BATCH = 500
GAS = 25_000_000  # below the block gas limit of the in-process chain
ARGUMENTS = 6  # of a row of the harness

Kind = Callable[[random.Random], int]

# Reproducible: the same inputs in every run.
exactly = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# -- Kinds of numbers ------------------------------------------------------------------------------


def below(limit: int) -> Kind:
    """Numbers of 0 to `limit`, of every size, often at an end or next to a power."""

    def draw(source: random.Random) -> int:
        width = source.randint(0, limit.bit_length())
        number = source.choice(
            [
                source.getrandbits(width),
                source.getrandbits(width),
                (1 << width) + source.randint(-2, 2),
                source.randint(0, 3),
                limit - source.randint(0, 3),
                source.choice([WAD, RAY, 10**6, 10**8]) + source.randint(-2, 2),
            ]
        )
        return min(max(number, 0), limit)

    return draw


def near(*centres: int, spread: int = 3, limit: int = MAX_UINT) -> Kind:
    """Numbers next to one of `centres`."""

    def draw(source: random.Random) -> int:
        return min(max(source.choice(centres) + source.randint(-spread, spread), 0), limit)

    return draw


def between(low: int, high: int) -> Kind:
    """Numbers spread evenly from `low` to `high`, its ends more often."""
    return lambda source: source.choice([low, high, *(source.randint(low, high),) * 8])


def either(*kinds: Kind) -> Kind:
    return lambda source: source.choice(kinds)(source)


ANY = below(MAX_UINT)
HALF = below(2**128 - 1)
RATIO = either(between(0, 2 * WAD), near(0, WAD))
BONUS = either(between(0, WAD), near(0, WAD // 100))
PRICE = either(between(10**10, 10**24), below(2**96 - 1), near(WAD))
DECIMALS = between(0, 18)


def rows(seed: int, count: int, *kinds: Kind) -> list[tuple[int, ...]]:
    source = random.Random(seed)
    return [tuple(kind(source) for kind in kinds) for _ in range(count)]


def edges(*numbers: Iterable[int]) -> list[tuple[int, ...]]:
    """Every combination of boundary numbers."""
    return list(itertools.product(*numbers))


# -- Comparison ------------------------------------------------------------------------------------


class Twins:
    """The contracts' math and its model."""

    def __init__(self, harness, caller, provider):
        self._harness = harness
        self._caller = caller
        self._provider = provider
        self._selectors = {
            signature.partition("(")[0]: bytes.fromhex(selector.removeprefix("0x"))
            for signature, selector in harness.contract_type.method_identifiers.items()
        }

    def agree(
        self, model: Callable[..., int], inputs: Sequence[tuple[int, ...]], name: str = ""
    ) -> None:
        """Assert that contract and model answer alike, and refuse alike."""
        name = name or model.__name__
        answers = self._answers(name, inputs)
        for row, (success, word) in zip(inputs, answers, strict=True):
            expected = self._expected(model, row)
            found = word if success else None
            assert found == expected, f"{name}{row}: contract {found}, model {expected}"

    @staticmethod
    def _expected(model: Callable[..., int], row: tuple[int, ...]) -> int | None:
        try:
            return int(model(*row)) % 2**256
        except Refused:
            return None

    def _answers(self, name: str, inputs: Sequence[tuple[int, ...]]) -> Iterator[tuple[bool, int]]:
        """Whether each call succeeded, and the word it returned."""
        selector = self._selectors[name].ljust(32, b"\0")
        for start in range(0, len(inputs), BATCH):
            batch = inputs[start : start + BATCH]
            head = selector + _word(64) + _word(len(batch))
            padded = (row + (0,) * (ARGUMENTS - len(row)) for row in batch)
            body = b"".join(_word(number) for row in padded for number in row)
            words = self._call(self._selectors["answers"] + head + body)[2:]
            yield from zip(map(bool, words[::2]), words[1::2], strict=True)

    def _call(self, calldata: bytes) -> list[int]:
        """Past Ape, whose encoding and decoding take longer than the chain."""
        call = {
            "from": self._caller,
            "to": self._harness.address,
            "data": "0x" + calldata.hex(),
            "gas": GAS,
        }
        returned = bytes(self._provider.web3.eth.call(call))
        return [int.from_bytes(returned[at : at + 32]) for at in range(0, len(returned), 32)]


def _word(number: int) -> bytes:
    return (number % 2**256).to_bytes(32)
