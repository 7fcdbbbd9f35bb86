"""What a block explorer asks for to show the sources of a market's contracts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hexbytes import HexBytes

from ringfence.carried import Carried, origin_of
from ringfence.exceptions import ManifestError
from ringfence.market import PARTS, Market

LIBRARIES = "libraries"  # where an input says that imported packages are


def write_verification(market: Market, folder: Path) -> Iterator[Path]:
    """Write the compiler's standard JSON input per contract type, and one file that names address,
    compiler and constructor arguments of each contract; yield what was written.

    Recompiling an input gives the code that was deployed.
    :raises ManifestError: if these are not the sources that did.
    """
    wanted, found = market.manifest.sources, origin_of(market.project).sources
    if wanted != found:
        raise ManifestError(
            f"market {market.name} was made of sources with the hash {wanted}, and these have"
            f" {found}; take those of commit {market.manifest.commit}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for contract in PARTS.values():
        yield _written(
            folder / f"{contract}.json", as_text(standard_input(market.project, contract))
        )
    yield _written(folder / "contracts.json", json.dumps(list(_contracts(market)), indent=2))


def standard_input(project: Any, contract: str) -> dict[str, Any]:
    """Return the standard JSON input of a contract, with nothing in it of this machine."""
    if isinstance(project, Carried):
        return project.standard_input(contract)

    import vyper
    from vyper.compiler import compile_from_file_input
    from vyper.compiler.input_bundle import FilesystemInputBundle
    from vyper.compiler.settings import Settings

    packages, sources = Path(vyper.__file__).parent.parent, Path(project.path)
    bundle = FilesystemInputBundle([packages, sources])
    output = compile_from_file_input(
        bundle.load_file(sources / "contracts" / f"{contract}.vy"),
        input_bundle=bundle,
        settings=Settings(evm_version=project.config.vyper.evm_version),
        output_formats=["solc_json"],
    )
    found: dict[str, Any] = output["solc_json"]
    settings, sources_by_path = found["settings"], found["sources"]
    for place in [it for it in settings["search_paths"] if it != "."]:
        sources_by_path = {_moved(it, place): text for it, text in sources_by_path.items()}
        settings = settings | {
            "search_paths": [_moved(it, place) for it in settings["search_paths"]]
        }
    return found | {"settings": settings, "sources": sources_by_path}


def as_text(found: dict[str, Any]) -> str:
    """Write an input, always in the same order."""
    return json.dumps(found, indent=2, sort_keys=True)


def _moved(path: str, place: str) -> str:
    """A path in an input; those below the place of the packages are elsewhere in it."""
    return LIBRARIES + path.removeprefix(place) if path.startswith(place) else path


def _contracts(market: Market) -> Iterator[dict[str, str]]:
    for name, contract in PARTS.items():
        part = market.manifest.part(name)
        sent = bytes(market.provider.web3.eth.get_transaction(part.tx_hash)["input"])
        container = getattr(market.project, contract)
        code = bytes(HexBytes(container.contract_type.deployment_bytecode.bytecode))
        yield {
            "name": name,
            "contract": contract,
            "address": part.address,
            "compiler": market.manifest.compiler,
            "constructor_arguments": sent.removeprefix(code).hex(),
        }


def _written(path: Path, text: str) -> Path:
    path.write_text(text + "\n", encoding="utf-8")
    return path
