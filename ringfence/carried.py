"""The compiled contracts: those that a wheel carries, or else those of the sources around us.

A wheel of `make wheel` has a folder that a checkout has not: an EthPM manifest with the contract
types, what they were made of, and what the compiler made them of.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from ringfence.building import digest
from ringfence.exceptions import RingfenceError

FOLDER = Path(__file__).parent / "compiled"
MANIFEST, ORIGIN, INPUTS = "contracts.json", "origin.json", "inputs"
LANDMARK = Path("contracts", "VaultFactory.vy")  # where it is, there are the sources


@dataclass(frozen=True)
class Origin:
    """What compiled contracts were made of."""

    compiler: str  # name and version
    commit: str  # of the sources; empty if they are not kept in git
    sources: str  # hash of sources, settings and libraries


@dataclass(frozen=True)
class Carried:
    """What a wheel carries; `carried.Vault` is a contract type, as of one of Ape's projects."""

    path: Path

    def __reduce__(self) -> tuple[type[Carried], tuple[Path]]:
        return Carried, (self.path,)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._types, name)

    @cached_property
    def _types(self) -> Any:
        from ape import Project

        known = self.path / MANIFEST
        if not known.is_file():
            raise RingfenceError(f"{known} is missing; install the wheel again")
        return Project.from_manifest(known)

    @cached_property
    def origin(self) -> Origin:
        """What the contracts were made of."""
        return Origin(**_read(self.path / ORIGIN))

    def standard_input(self, contract: str) -> dict[str, Any]:
        """Return the compiler's standard JSON input of a contract."""
        return _read(self.path / INPUTS / f"{contract}.json")


@cache
def contracts() -> Any:
    """Return the project that holds the compiled contracts, for `deploy_market` and `Market.load`.

    :raises RingfenceError: if this package carries none and there are no sources here either.
    """
    if FOLDER.is_dir():
        return Carried(FOLDER)

    from ape import project

    if not (Path(project.path) / LANDMARK).is_file():
        raise RingfenceError(
            f"{project.path} holds no sources of Ringfence, and this installation carries no"
            " compiled contracts; install the wheel that make wheel builds, or work in a checkout"
        )
    return project


def origin_of(project: Any) -> Origin:
    """Return what the contracts of a project are made of."""
    if isinstance(project, Carried):
        return project.origin
    sources = Path(project.path)
    try:
        compiler = f"vyper {metadata.version('vyper')}"
    except metadata.PackageNotFoundError:
        raise RingfenceError(
            f"there is no vyper to compile {sources} with; install ringfence[sources]"
        ) from None
    return Origin(compiler, commit_of(sources), digest(sources))


@cache
def commit_of(folder: Path) -> str:
    """Return the commit of a folder, marked if anything was changed since; empty without git."""
    command = ("git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty")
    try:
        found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
