"""Compiles sources in this process, and puts what came out where the tests will deploy it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import vyper
from vyper.compiler import compile_from_file_input
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.settings import Settings

from tests.sources import CONTRACTS

if TYPE_CHECKING:
    from ape.managers.project import LocalProject

    from tests.mutation.operators import Mutant

LIBRARIES = Path(vyper.__file__).parent.parent  # with snekmate beside it

KEPT = Path("out", "original")


def compiled(contract: Path, folder: Path = CONTRACTS) -> str:
    """Code that deploys a contract, without the hash of its sources."""
    bundle = FilesystemInputBundle([LIBRARIES, folder.parent])
    source = bundle.load_file(folder / contract.relative_to(CONTRACTS))
    output = compile_from_file_input(
        source,
        input_bundle=bundle,
        settings=Settings(evm_version="cancun"),
        output_formats=["bytecode"],
        no_bytecode_metadata=True,
    )
    return output["bytecode"]


def original(contract: Path) -> str:
    """What a contract compiles to without a mistake; kept, since the same is asked for often."""
    sources = sorted(CONTRACTS.rglob("*.vy*"))
    state = sha256(b"".join(it.read_bytes() for it in sources)).hexdigest()[:16]
    kept = KEPT / f"{contract.stem}-{state}"
    if not kept.is_file():
        KEPT.mkdir(parents=True, exist_ok=True)
        kept.write_text(compiled(contract))
    return kept.read_text()


def compiled_with(mutant: Mutant, contracts: Iterable[Path]) -> dict[str, str]:
    """The contracts as they are with a mistake, made from a copy of all sources."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, CONTRACTS.name)
        shutil.copytree(CONTRACTS, copy)
        (copy / mutant.name).write_text(mutant.source())
        return {it.stem: compiled(it, copy) for it in contracts}


def digest(codes: dict[str, str]) -> str:
    whole = "\n".join(f"{name} {code}" for name, code in sorted(codes.items()))
    return sha256(whole.encode()).hexdigest()


def put_in(project: LocalProject, codes: dict[str, str]) -> None:
    """Let the project deploy this code from now on."""
    for name, code in codes.items():
        kind = getattr(project, name).contract_type
        kind.deployment_bytecode = type(kind.deployment_bytecode)(bytecode=code)
        assert getattr(project, name).contract_type.deployment_bytecode.bytecode == code
