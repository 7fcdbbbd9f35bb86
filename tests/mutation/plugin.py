"""A plugin of pytest that runs the collected tests against mutants, one forked process for each.

A fork costs nothing, while Ape takes seconds to start. The chain is in the process, so each mutant
has one of its own.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.mutation import building, journal, operators, optimizing, suites
from tests.mutation.journal import Entry
from tests.mutation.operators import Mutant

# One input that fails is enough; to look for the smallest one, or for more, takes minutes.
settings.register_profile(
    "mutants",
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    report_multiple_bugs=False,
)
settings.load_profile("mutants")

ON_CHAIN = {"project", "harness", "twins"}  # a test without them does not run a contract


def pytest_addoption(parser):
    parser.addoption("--mutate", nargs="+", type=Path, help="sources to mutate, of one suite")
    parser.addoption("--keys", default="", help="file with the keys of the mutants to run")


def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if ON_CHAIN & set(item.fixturenames)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    paths = session.config.getoption("--mutate")
    keys = set(Path(session.config.getoption("--keys")).read_text().split())
    optimizing.remember()
    field = Field(session, paths)
    field.survey()
    mutants = [it for path in paths for it in operators.mutants_of(path) if it.key in keys]
    for number, mutant in enumerate(mutants, start=1):
        entry = field.run(mutant)
        journal.write(entry)
        told = f"{entry.outcome} {entry.killer.rpartition('::')[2]}"
        print(f"{number}/{len(mutants)} {mutant.name}:{mutant.line} {mutant.operator}: {told}")
        sys.stdout.flush()
    return True


class Field:
    """A suite that was collected, and what is known of its tests."""

    def __init__(self, session: pytest.Session, paths: Sequence[Path]) -> None:
        self.session = session
        self.contracts = suites.contracts_with(paths[0])
        assert all(suites.contracts_with(path) == self.contracts for path in paths)
        self.seen: set[str] = set()  # digests of mutants that were compiled
        self.seconds: dict[str, float] = {}
        self.kills: Counter[str | tuple[str, str]] = Counter()
        self.limit = 600.0

    def survey(self) -> None:
        """Run the tests of the first contract as it is: all pass, in this time."""
        _look_at_all_contracts()
        started = time.monotonic()
        first = self.contracts[0]
        codes = {first.stem: building.original(first)}
        told = self._in_fork(lambda: {"failed": self._run(codes), "seconds": self.seconds})
        if told is None or told["failed"]:
            pytest.exit(f"without a mutant, this fails: {told}", returncode=1)
        self.seconds = told["seconds"]
        self.limit = 60 * len(self.contracts) + 3 * (time.monotonic() - started)

    def run(self, mutant: Mutant) -> Entry:
        told = self._in_fork(lambda: self._outcome(mutant))
        if told is None:
            return Entry(mutant.key, journal.TIMEOUT)
        if told["killer"]:
            self.kills[told["killer"]] += 1
            self.kills[mutant.place, told["killer"]] += 1
        if told["code"]:
            self.seen.add(told["code"])
        return Entry(mutant.key, **told)

    # -- In the fork -------------------------------------------------------------------------------

    def _outcome(self, mutant: Mutant) -> dict[str, str]:
        try:
            codes = self._changed(mutant)
        except Exception:  # of many kinds, some of them the compiler's own mistakes
            return {"outcome": journal.INVALID, "killer": "", "code": ""}
        code = building.digest(codes)
        if not codes or code in self.seen:
            return {"outcome": journal.SAME, "killer": "", "code": ""}
        killer = self._run(codes, mutant)
        outcome = journal.KILLED if killer else journal.SURVIVED
        return {"outcome": outcome, "killer": killer, "code": code}

    def _changed(self, mutant: Mutant) -> dict[str, str]:
        """The contracts that differ from the original; of math the harness alone, if it does."""
        first, *others = self.contracts
        for group in ([first], others) if first == suites.HARNESS else (self.contracts,):
            codes = building.compiled_with(mutant, group)
            changed = [it.stem for it in group if codes[it.stem] != building.original(it)]
            if changed:
                return {name: codes[name] for name in changed}
        return {}

    def _run(self, codes: dict[str, str], mutant: Mutant | None = None) -> str:
        """Run the tests, those first that killed before; name the killer."""
        from ape import project

        building.put_in(project, codes)
        items = self._concerned(codes)
        if mutant:
            items.sort(key=partial(self._rank, mutant))
        watch = Watch()
        self.session.config.pluginmanager.register(watch)
        for item, following in zip_longest(items, items[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if watch.failed:
                return watch.failed
        self.seconds = watch.seconds
        return ""

    def _concerned(self, codes: dict[str, str]) -> list[pytest.Item]:
        changed = [it for it in self.contracts if it.stem in codes]
        places = tuple(place for it in changed for place in suites.tests_of(it))
        return [item for item in self.session.items if item.nodeid.startswith(places)]

    def _rank(self, mutant: Mutant, item: pytest.Item) -> tuple[int, bool, int, float]:
        """Those first that killed in this function before, then those named after it or after the
        source, then other killers, then the quick ones.
        """
        name = item.nodeid
        near = (mutant.path.stem, mutant.place.strip("_"))
        return (
            -self.kills[mutant.place, name],
            not any(it in item.path.stem for it in near),
            -self.kills[name],
            self.seconds.get(name, 0),
        )

    # -- Forks -------------------------------------------------------------------------------------

    def _in_fork(self, act):
        """What `act` told in a process of its own; nothing if it took too long."""
        reading, writing = os.pipe()
        sys.stdout.flush()
        gc.freeze()  # what stands already is never garbage: it need not be looked at or copied
        child = os.fork()
        if child == 0:
            gc.set_threshold(100_000)  # a compiler throws little away
            _be_silent()
            with suppress(BaseException):
                os.write(writing, json.dumps(act()).encode())
            os._exit(0)
        os.close(writing)
        told = _read(reading, time.monotonic() + self.limit)
        os.close(reading)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if told == b"":
            pytest.exit("a fork died without a word, which is no outcome", returncode=1)
        return json.loads(told) if told else None


class Watch:
    """Notes how long tests take, and which failed first."""

    def __init__(self) -> None:
        self.failed = ""
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.failed:
            self.failed = report.nodeid
        if report.when == "call":
            self.seconds[report.nodeid] = report.duration


def _look_at_all_contracts() -> None:
    """Ape matches paths of sources for each contract that it sees first: not in every fork."""
    from ape import project

    for name in project.contracts:
        getattr(project, name)


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _read(source: int, deadline: float) -> bytes | None:
    """All that comes until the other end closes; None if that takes too long."""
    told = b""
    while select.select([source], [], [], max(deadline - time.monotonic(), 0))[0]:
        chunk = os.read(source, 1 << 16)
        if not chunk:
            return told
        told += chunk
    return None
