"""A site in a folder: each page takes the place of an older one at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ringfence.whole import put

FIRST = "index.html"  # written last: where it is, all is
OURS = re.compile(r"vaults-\d+\.html|vaults/0x[0-9a-fA-F]{40}\.(html|json|csv)")


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a site; pages of vaults that it has no longer are removed."""
    for name, content in sorted(files.items(), key=lambda it: it[0] == FIRST):
        put(folder / name, content)
    for place in (*folder.glob("*.html"), *folder.glob("vaults/*")):
        name = place.relative_to(folder).as_posix()
        if name not in files and OURS.fullmatch(name):
            place.unlink()
