"""Notes each step of a deployment in its manifest, so that one that was killed can go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ringfence.manifest import Deployed, Manifest


class Journal:
    """The manifest of a deployment under way; kept in memory only if it has no folder."""

    def __init__(self, manifest: Manifest, folder: Path | None) -> None:
        self.manifest = manifest
        self._folder = folder
        self._write()

    def note(self, part: Deployed) -> None:
        """Note a contract, instead of what was noted of it before."""
        if part in self.manifest.contracts:
            return
        others = (it for it in self.manifest.contracts if it.name != part.name)
        self.manifest = replace(self.manifest, contracts=(*others, part))
        self._write()

    def finish(self, addresses: Mapping[str, str]) -> Path | None:
        """Note that nothing is left to be done; put the contracts in the order of their addresses
        by name, in which one contract may have several names.
        """
        known = {part.address: part for part in self.manifest.contracts}
        parts = (replace(known[address], name=name) for name, address in addresses.items())
        self.manifest = replace(self.manifest, contracts=tuple(parts), is_complete=True)
        return self._write()

    def _write(self) -> Path | None:
        return None if self._folder is None else self.manifest.write(self._folder)
