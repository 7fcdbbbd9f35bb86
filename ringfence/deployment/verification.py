"""What a block explorer asks for to show the sources of a market's contracts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hexbytes import HexBytes

from ringfence.market import PARTS, Market

EVM = "cancun"
LIBRARIES = "libraries"  # where an input says that imported packages are


def write_verification(market: Market, folder: Path) -> Iterator[Path]:
    """Write the compiler's standard JSON input per contract type, and one file that names address,
    compiler and constructor arguments of each contract; yield what was written.

    Recompiling an input gives the code that was deployed, if these sources did.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = Path(market.project.path)
    for contract in PARTS.values():
        known = json.dumps(standard_input(sources, contract), indent=2, sort_keys=True)
        yield _written(folder / f"{contract}.json", known)
    yield _written(folder / "contracts.json", json.dumps(list(_contracts(market)), indent=2))


def standard_input(sources: Path, contract: str) -> dict[str, Any]:
    """Return the standard JSON input of a contract, with nothing in it of this machine.

    :param sources: folder that holds `contracts/`.
    """
    import vyper
    from vyper.compiler import compile_from_file_input
    from vyper.compiler.input_bundle import FilesystemInputBundle
    from vyper.compiler.settings import Settings

    packages = Path(vyper.__file__).parent.parent
    bundle = FilesystemInputBundle([packages, sources])
    output = compile_from_file_input(
        bundle.load_file(sources / "contracts" / f"{contract}.vy"),
        input_bundle=bundle,
        settings=Settings(evm_version=EVM),
        output_formats=["solc_json"],
    )
    text = json.dumps(output["solc_json"])
    for place in json.loads(text)["settings"]["search_paths"]:
        if place != ".":
            text = text.replace(place, LIBRARIES)
    found: dict[str, Any] = json.loads(text)
    return found


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
