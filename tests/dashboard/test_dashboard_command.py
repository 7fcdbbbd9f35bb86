"""`dashboard`: pages in a folder, or on this machine until somebody ends it."""

import json
import os

import pytest

from ringfence.charts import stylesheet
from ringfence.cli import dashboard
from ringfence.dashboard.refreshing import Refresher
from ringfence.dashboard.site import page_of
from ringfence.pages.policy import policy
from tests.dashboard import get, until
from tests.python.commands import Shell


@pytest.fixture
def shell(market, tmp_path, url):
    market.manifest.write(tmp_path)
    typed = Shell(tmp_path)
    options = f"--ledger {url} --reports {tmp_path / 'reports'}"
    return lambda line: typed(f"dashboard {line} {options}")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "site"


def files_in(folder):
    return {
        str(it.relative_to(folder)): it.read_bytes() for it in folder.rglob("*") if it.is_file()
    }


# -- In a folder -----------------------------------------------------------------------------------


def test_it_writes_what_the_site_has(life, shell, folder, build):
    told = shell(f"--out {folder}")

    assert told.code == 0, told.text
    written = files_in(folder)
    assert written == build()
    size = len(written["index.html"])
    assert told.text == (
        f"{folder / 'index.html'}: {size:,} bytes, and {len(written) - 1} more files\n"
    )


def test_programs_are_told_how_much_it_is(life, shell, folder):
    told = json.loads(shell(f"--out {folder} --json").text)

    written = files_in(folder)
    assert told.pop("seconds")
    assert told == {
        "folder": str(folder),
        "files": len(written),
        "bytes": sum(map(len, written.values())),
        "operator_bytes": len(written["index.html"]),
    }


def test_named_vaults_alone_get_a_page(life, shell, folder):
    told = shell(f"--out {folder} --client {life.vault.address} --client other")

    assert told.code == 0, told.text
    pages = {it for it in files_in(folder) if it.endswith(".html")}
    named = {page_of(it.address) for it in (life.vault, life.other)}
    assert pages == named | {"index.html", "vaults-1.html"}
    text = (folder / "vaults-1.html").read_text()
    assert page_of(life.script.address) not in text
    assert life.script.address in text


def test_of_many_vaults_none_gets_a_page_unless_named(life, shell, folder, monkeypatch):
    monkeypatch.setattr(dashboard, "MOST_CLIENTS", len(life.vaults) - 1)

    assert shell(f"--out {folder}").code == 0

    assert not (folder / "vaults").exists()


def test_a_vault_that_is_not_there_is_named(life, shell, folder):
    told = shell(f"--out {folder} --client nobody")

    assert told.code == 1
    assert 'no vault "nobody"' in told.error
    assert not folder.exists()


def test_pages_are_of_the_block_that_is_asked_about(life, shell, folder):
    block = life.market.provider.get_block("latest").number - 2

    assert shell(f"--out {folder} --block {block}").code == 0

    assert json.loads((folder / "market.json").read_bytes())["block"]["number"] == block
    facts = json.loads((folder / "vaults" / f"{life.vault.address}.json").read_bytes())
    assert facts["period"]["to"]["block"] == block


def test_a_page_takes_the_place_of_an_older_one_at_once(life, shell, folder, monkeypatch):
    """Whoever reads sees the old one or the new one, whole, and the first page changes last."""
    shell(f"--out {folder}")
    old = files_in(folder)
    seen = []
    real = os.replace

    def replace(draft, place):
        assert place.read_bytes() == old[str(place.relative_to(folder))]
        real(draft, place)
        seen.append(str(place.relative_to(folder)))

    monkeypatch.setattr(os, "replace", replace)
    life.market.provider.mine()
    shell(f"--out {folder}")

    assert sorted(seen) == sorted(old)
    assert seen[-1] == "index.html"
    assert files_in(folder).keys() == old.keys()
    assert files_in(folder)["index.html"] != old["index.html"]


def test_a_vault_that_nobody_used_gets_no_page_unless_named(life, shell, folder, outsider):
    """Anyone may open as many as he likes for anyone, and send them tokens of his own making."""
    empty = life.market.open_vault(outsider, "empty", sender=outsider)
    stray = outsider.deploy(life.market.project.MockToken, "Stray", "STRAY", 6)
    stray.mint(empty, 1_000_000, sender=outsider)

    assert shell(f"--out {folder}").code == 0
    assert page_of(empty.address) not in files_in(folder)
    assert "empty" in (folder / "vaults-1.html").read_text()
    assert shell(f"--out {folder} --client empty").code == 0
    assert page_of(empty.address) in files_in(folder)


# -- On this machine -------------------------------------------------------------------------------


@pytest.fixture
def serving(market, tmp_path, url, monkeypatch):
    """Type the command with --serve in this thread, and act while it waits to be ended."""
    market.manifest.write(tmp_path)

    def act(do, options=""):
        ended = []

        class Ctrl:
            def wait(self):
                do(ended[0])
                raise KeyboardInterrupt

        serve = dashboard.serve

        def begin(*args):
            ended.append(serve(*args))
            return ended[0]

        monkeypatch.setattr(dashboard, "serve", begin)
        monkeypatch.setattr(dashboard, "Event", Ctrl)
        monkeypatch.setattr(dashboard, "Refresher", lambda *args: Refresher(*args, pause=0.1))
        line = f"dashboard --serve --port 0 --ledger {url} {options}"
        told = Shell(tmp_path)(line)
        return ended[0], told

    return act


def test_pages_are_shown_and_change_with_the_chain(life, serving, weth, outsider):
    place = f"/{page_of(life.vault.address)}"

    def look(server):
        until(lambda: get(server, "/healthz").status == 200)
        for path, kind in (
            ("/", "text/html"),
            ("/index.html", "text/html"),
            ("/vaults-1.html", "text/html"),
            (place, "text/html"),
            (place.replace(".html", ".json"), "application/json"),
            (place.replace(".html", ".csv"), "text/plain"),
            ("/market.json", "application/json"),
            ("/metrics", "text/plain; version=0.0.4"),
        ):
            answer = get(server, path)
            assert answer.status == 200, path
            assert answer.fields["Content-Type"].startswith(kind)
            assert answer.fields["Content-Security-Policy"] == policy(stylesheet())
        before = get(server, place).content
        number = json.loads(get(server, "/market.json").content)["block"]["number"]
        assert b"99.5 WETH" not in before
        weth.mint(life.vault, 995 * 10**17, sender=outsider)
        until(lambda: get(server, place).content != before)
        assert b"99.5 WETH" in get(server, place).content
        facts = json.loads(get(server, "/market.json").content)
        assert facts["block"]["number"] == number + 1
        assert (
            f'ringfence_block_number{{market="demo"}} {number + 1}\n'.encode()
            in get(server, "/metrics").content
        )

    server, told = serving(look)

    assert told.code == 0
    assert told.text == f"http://127.0.0.1:{server.port} shows demo; Ctrl-C ends it\n"
    with pytest.raises(ConnectionRefusedError):
        get(server, "/")


@pytest.mark.parametrize("options", ["--block 40", "--out x", "--json"])
def test_what_is_shown_is_the_latest_and_in_no_folder(life, shell, options):
    told = shell(f"--serve {options}")

    assert told.code == 2
    assert told.error == "--serve goes without --out, --block, --json and --csv."


def test_other_names_of_this_machine_get_nothing(life, serving):
    def look(server):
        until(lambda: get(server, "/healthz").status == 200)
        assert get(server, "/market.json", host="evil.example").status == 421
        origin = "Origin: http://evil.example"
        assert get(server, "/market.json", origin).status == 403

    assert serving(look)[1].code == 0


def test_named_vaults_alone_are_shown(life, serving):
    def look(server):
        until(lambda: get(server, "/healthz").status == 200)
        assert get(server, f"/{page_of(life.other.address)}").status == 200
        assert get(server, f"/{page_of(life.vault.address)}").status == 404

    assert serving(look, "--client other")[1].code == 0


def test_the_last_pages_stay_if_there_are_no_new_ones(life, serving, monkeypatch):
    def look(server):
        until(lambda: get(server, "/healthz").status == 200)
        before = get(server, "/").content
        monkeypatch.setattr(dashboard, "pages", fail)
        life.market.provider.mine()
        until(lambda: failed)
        assert get(server, "/").content == before

    failed = []

    def fail(*_, **__):
        failed.append(True)
        raise ValueError("no pages today")

    told = serving(look)[1]

    assert "the last pages stay: no pages today\n" in told.text
    assert told.text.count("no pages today") == 1
