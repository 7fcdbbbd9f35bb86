"""A site in a folder."""

from ringfence.dashboard.folder import write

GONE = f"vaults/0x{'aB' * 20}.html"


def test_pages_take_the_place_of_older_ones(tmp_path):
    write({"index.html": b"old", "vaults-1.html": b"old"}, tmp_path)
    write({"index.html": b"new", "vaults-1.html": b"new"}, tmp_path)

    assert {it.name: it.read_bytes() for it in tmp_path.iterdir()} == {
        "index.html": b"new",
        "vaults-1.html": b"new",
    }


def test_pages_of_vaults_that_are_gone_go_and_nothing_else(tmp_path):
    write({"index.html": b"", "vaults-2.html": b"", GONE: b""}, tmp_path)
    others = ["mine.html", "vaults/notes.txt", "statements/alpha.html"]
    for name in others:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    write({"index.html": b""}, tmp_path)

    left = {str(it.relative_to(tmp_path)) for it in tmp_path.rglob("*") if it.is_file()}
    assert left == {"index.html", *others}
