"""Files that are written whole."""

import os

import pytest

from ringfence.whole import put


@pytest.mark.parametrize("mask", [0o077, 0o022, 0o002])
def test_a_file_is_for_whom_the_machine_says(tmp_path, mask):
    before = os.umask(mask)
    try:
        put(tmp_path / "folder" / "file", b"content")
    finally:
        os.umask(before)

    assert (tmp_path / "folder" / "file").stat().st_mode & 0o777 == 0o666 & ~mask


def test_what_fails_leaves_what_was_there(tmp_path, monkeypatch):
    place = tmp_path / "file"
    put(place, b"old")

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="full"):
        put(place, b"new")

    assert place.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [place]
