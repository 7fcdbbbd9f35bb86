"""Files that are written whole: whoever looks meanwhile, or later, finds the old one or the new."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def put(place: Path, content: bytes) -> None:
    """Write a file, in a folder that is made if need be; what fails leaves what was there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.{secrets.token_hex(4)}.draft")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # it is on the disk before it takes the other's place
        os.replace(draft, place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
