"""Files that are written whole: whoever looks meanwhile, or later, finds the old one or the new."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def put(place: Path, content: bytes) -> None:
    """Write a file, in a folder that is made if need be; what fails leaves what was there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=place.parent, suffix=".draft")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # it is on the disk before it takes the other's place
        os.chmod(draft, 0o644)
        os.replace(draft, place)
    except BaseException:
        os.unlink(draft)
        raise
