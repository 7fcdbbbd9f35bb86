"""Mutate the contracts, run the fast suites against the mutants, list what survives."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.mutation import journal, suites
from tests.mutation.operators import Mutant, mutants_of
from tests.sources import REAL

INPUTS = "2000"  # of the comparison with the model, which runs for each mutant


def main() -> int:
    options = _options()
    chosen = [mutant for path in options.files for mutant in mutants_of(path)]
    if options.again:
        known = journal.outcomes()
        journal.forget({it.key for it in chosen if known.get(it.key) == journal.SURVIVED})
    if options.sample:
        chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
    if not options.report:
        _run(chosen)
    left = journal.report(sorted(chosen, key=lambda it: (it.name, it.start)))
    print(f"{left} mutants survived without an explanation in {journal.EXPLAINED.name}")
    return int(left > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.mutation")
    parser.add_argument("files", nargs="*", type=Path, help="sources; all if none is given")
    parser.add_argument("--sample", type=int, help="run this many mutants only")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--again", action="store_true", help="run survivors once more")
    parser.add_argument("--report", action="store_true", help="run nothing")
    options = parser.parse_args()
    options.files = [path.resolve() for path in options.files] or REAL
    return options


def _run(chosen: list[Mutant]) -> None:
    """Run what the journal does not know yet, sources of the same contracts together."""
    known = journal.outcomes()
    waiting: dict[tuple[Path, ...], list[Mutant]] = {}
    for mutant in chosen:
        if mutant.key not in known:
            waiting.setdefault(tuple(suites.contracts_with(mutant.path)), []).append(mutant)
    for contracts, mutants in waiting.items():
        with tempfile.NamedTemporaryFile("w", suffix=".keys") as listed:
            listed.write("\n".join(it.key for it in mutants))
            listed.flush()
            _test(contracts, {it.path for it in mutants}, listed.name)


def _test(contracts: Iterable[Path], sources: Iterable[Path], keys: str) -> None:
    tests = {test for it in contracts for test in suites.tests_of(it)}
    command = [sys.executable, "-m", "pytest", *sorted(tests), "-q", "-s"]
    command += ["-p", "tests.mutation.plugin", "-p", "no:cacheprovider"]
    command += ["--keys", keys, "--network", "ethereum:local:test"]
    command += ["--mutate", *map(str, sorted(sources))]
    subprocess.run(command, check=True, env=os.environ | {"INPUTS": INPUTS})


if __name__ == "__main__":
    sys.exit(main())
