"""What became of each mutant: kept with the sources, so that nothing needs to be tried twice.

A mutant is known by a hash of the source and of the change: what was noted of a source that has
changed since counts no more, and `make mutants` tries its mutants again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.operators import Mutant

JOURNAL = Path(__file__).parent / "journal.txt"
EXPLAINED = Path(__file__).parent.parent / "mutants.md"

# Outcomes
INVALID = "invalid"  # does not compile
SAME = "same"  # compiles to what the source or another mutant compiles to
KILLED = "killed"
TIMEOUT = "timeout"
SURVIVED = "survived"


@dataclass(frozen=True)
class Entry:
    key: str
    outcome: str
    killer: str = ""  # the test that failed
    code: str = ""  # digest of what was compiled


def outcomes() -> dict[str, str]:
    """The outcome of each mutant that was tried, by its key."""
    if not JOURNAL.is_file():
        return {}
    return dict(line.split() for line in JOURNAL.read_text().splitlines())


def write(entry: Entry) -> None:
    """Note an outcome at once: a run that is stopped goes on where it was."""
    with JOURNAL.open("a") as journal:
        journal.write(f"{entry.key} {entry.outcome}\n")


def forget(keys: set[str]) -> None:
    """Let the next run try these mutants again."""
    kept = {key: outcome for key, outcome in outcomes().items() if key not in keys}
    JOURNAL.write_text("".join(f"{key} {outcome}\n" for key, outcome in kept.items()))


def is_explained(mutant: Mutant) -> bool:
    return row_of(mutant) in _explained_rows()


def row_of(mutant: Mutant) -> str:
    """The beginning of the row of `mutants.md` that explains a survivor."""
    old, new = _changed_lines(mutant)
    place = f"`{mutant.name}` {mutant.place}".strip()
    return f"| {place} | `{old}` | `{new}` |"


def _changed_lines(mutant: Mutant) -> tuple[str, str]:
    lines = mutant.diff().splitlines()
    sides = ([line[2:] for line in lines if line[0] == side] for side in "-+")
    old, new = (re.sub(r"\s+", " ", " ".join(side)).replace("|", "\\|") for side in sides)
    return old, new


def _explained_rows() -> set[str]:
    if not EXPLAINED.is_file():
        return set()
    rows = (line for line in EXPLAINED.read_text().splitlines() if line.startswith("| `"))
    return {row.rstrip()[: row.rstrip().rindex(" | ") + 2] for row in rows}


# -- Report ----------------------------------------------------------------------------------------

COLUMNS = ("file", "mutants", "killed", "survived", "explained", "left")


def report(chosen: Iterable[Mutant]) -> int:
    """Print what survived and a table by file; return how many survivors nobody explained."""
    known = outcomes()
    by_file: dict[str, list[Mutant]] = {}
    for mutant in chosen:
        by_file.setdefault(mutant.name, []).append(mutant)
    table = [_row(name, mutants, known) for name, mutants in by_file.items()]
    print(f"{COLUMNS[0]:34}" + "".join(f"{it:>11}" for it in COLUMNS[1:]))
    sums = [sum(row[column] for row in table) for column in range(1, len(COLUMNS))]
    for name, *numbers in [*table, ("all", *sums)]:
        print(f"{name:34}" + "".join(f"{number:11}" for number in numbers))
    return sum(row[3] - row[4] for row in table)


def _row(name: str, mutants: list[Mutant], known: dict[str, str]) -> tuple:
    tried = {it: known[it.key] for it in mutants if it.key in known}
    survivors = [it for it in mutants if tried.get(it) == SURVIVED]
    explained = [it for it in survivors if is_explained(it)]
    for mutant in survivors:
        if mutant not in explained:
            print(f"{mutant.name}:{mutant.line} {mutant.operator}\n{mutant.diff()}\n")
    killed = sum(it in (KILLED, TIMEOUT) for it in tried.values())
    real = killed + len(survivors)
    return name, real, killed, len(survivors), len(explained), len(mutants) - len(tried)
