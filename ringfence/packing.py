"""Writes what a wheel carries: the compiled contracts that others need, and what they are made of.

`python -m ringfence.packing FOLDER`, run after a forced compile.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ethpm_types import Compiler, ContractType, PackageManifest

from ringfence.building import is_fresh
from ringfence.carried import INPUTS, MANIFEST, ORIGIN, Origin, origin_of
from ringfence.deployment.verification import as_text, standard_input
from ringfence.exceptions import RingfenceError
from ringfence.market import FEED, PARTS, TOKEN

CONTRACTS = (*PARTS.values(), TOKEN, FEED)
KEPT = {"name", "abi", "deployment_bytecode", "runtime_bytecode", "devdoc", "userdoc"}


def pack(project: Any, folder: Path) -> None:
    """Write the contracts of a project, compiled from its present sources, into a new folder.

    :raises RingfenceError: if they were compiled from others.
    """
    if not is_fresh(project.path):
        raise RingfenceError("the sources have changed since they were compiled; run make compile")
    origin = origin_of(project)
    (folder / INPUTS).mkdir(parents=True)
    for contract in PARTS.values():
        text = as_text(standard_input(project, contract))
        (folder / INPUTS / f"{contract}.json").write_text(text, encoding="utf-8")
    (folder / ORIGIN).write_text(json.dumps(asdict(origin)), encoding="utf-8")
    (folder / MANIFEST).write_text(manifest(project, origin).model_dump_json(), encoding="utf-8")


def manifest(project: Any, origin: Origin) -> PackageManifest:
    """Return the contract types without what only those need who have the sources."""
    types = {name: _kept(getattr(project, name).contract_type) for name in CONTRACTS}
    compiler, version = origin.compiler.split()
    made_by = Compiler(name=compiler, version=version, contractTypes=list(types))
    return PackageManifest(contractTypes=types, compilers=[made_by])


def _kept(found: ContractType) -> ContractType:
    return ContractType.model_validate(found.model_dump(include=KEPT, by_alias=True))


if __name__ == "__main__":
    from ringfence.carried import contracts

    pack(contracts(), Path(sys.argv[1]))
