"""Whether the compiled contracts are those of the sources: Ape does not see every change.

Ape compares each contract with its own file only, so an edited module would leave the contracts
that import it as they were. `python -m ringfence.building`, run after `ape compile --force`, notes
that the build is fresh.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

STAMP = Path(".build", "sources.sha256")
SETTINGS = ("ape-config.yaml", "requirements.lock")


def is_fresh(folder: Path) -> bool:
    """Tell whether nothing has changed since everything was compiled; sources may not be there."""
    if not (folder / "contracts").is_dir():
        return True
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == digest(folder)


def rebuild(project: Any) -> None:
    """Compile everything.

    :raises ape.exceptions.CompilerError: if it does not compile.
    """
    found = digest(project.path)
    stamp = project.path / STAMP
    stamp.unlink(missing_ok=True)
    project.load_contracts(use_cache=False)
    stamp.write_text(found)


def digest(folder: Path) -> str:
    """Hash all that decides the bytecode: sources with names, settings, compiler, libraries."""
    settings = [folder / name for name in SETTINGS]
    found = hashlib.sha256()
    for path in sorted((folder / "contracts").rglob("*.vy*")) + settings:
        content = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


if __name__ == "__main__":
    here = Path.cwd()
    (here / STAMP).write_text(digest(here))
