"""Every page as a browser shows it: wide and narrow, light and dark, served, and on paper."""

import re
from base64 import b64decode
from pathlib import Path

import pytest

from ringfence.charts import stylesheet
from ringfence.cli.dashboard import site_of
from ringfence.dashboard.board import Board
from ringfence.dashboard.folder import write
from ringfence.dashboard.serving import Rules, serve
from ringfence.dashboard.site import page_of
from ringfence.pages.policy import policy
from ringfence.statements.page import as_html
from tests.services import chromium, lacking
from tests.steps import WETH

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = """
const done = arguments[0];
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(
    found => done(found.violations.map(it => `${it.id}: ${it.nodes[0].html}`)),
    error => done([`axe: ${error}`]),
);
"""
FETCH = """
const [address, done] = arguments;
fetch(address).then(it => it.text()).then(
    it => done(["got", it]),
    it => done(["refused", `${it}`]),
);
"""
SIZES = {"wide": (1_440, 900), "narrow": (390, 844)}
SCHEMES = ("light", "dark")
A4 = (595, 842)  # [pt]


@pytest.fixture(scope="module")
def axe():
    """What finds faults of a page for those who do not see it, or not well."""
    if not AXE.exists():
        lacking("needs axe-core: npm ci")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


@pytest.fixture(scope="module")
def files(built):
    """The site, and the statements of its vaults."""
    statements = {f"statements/{it.account.id}.html": as_html(it) for it in built.statements}
    return built.files | statements


@pytest.fixture(scope="module")
def folder(files, tmp_path_factory):
    place = tmp_path_factory.mktemp("site")
    write(files, place)
    return place


@pytest.fixture(scope="module")
def server(files):
    board = Board()
    board.show(site_of(files))
    with serve(board, rules=Rules(policy(stylesheet()))) as running:
        yield running


@pytest.fixture
def visit(browser):
    """Open a page as somebody would see it, all that is folded opened."""

    def act(address, size="wide", scheme="light"):
        width, height = SIZES[size]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1}
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", metrics | {"mobile": size == "narrow"}
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        browser.get_log("browser")
        browser.get(address)
        browser.execute_script("document.querySelectorAll('details').forEach(it => it.open = true)")
        return browser

    return act


def entries(browser):
    """What the console was told."""
    return [it["message"] for it in browser.get_log("browser")]


@pytest.fixture
def check(visit, axe):
    """Everything of a page fits, and can be read by everybody; its console is told nothing."""

    def act(place, size, scheme):
        browser = visit(place.as_uri(), size, scheme)

        assert entries(browser) == [], place
        wide = "return [document.documentElement.scrollWidth, innerWidth]"
        needed, there = browser.execute_script(wide)
        assert needed <= there == SIZES[size][0], place
        browser.execute_script(axe)
        assert browser.execute_async_script(VIOLATIONS) == [], place

    return act


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_and_can_be_read_by_all(folder, check, size, scheme):
    for place in sorted(folder.rglob("*.html")):
        check(place, size, scheme)


@pytest.mark.parametrize("label", [b"", b" ", 32 * b"W"])
def test_any_label_can_be_read(life, build, tmp_path, check, visit, outsider, weth, label):
    """The factory takes any label, none as well."""
    label = label.ljust(32, b"\0")
    life.market.factory.open_vault(outsider, label, sender=outsider)
    vault = life.market.factory.vault_of(outsider, label)
    weth.mint(vault, WETH, sender=outsider)
    write(build(), tmp_path)

    for name in ("vaults-1.html", page_of(vault)):
        check(tmp_path / name, "narrow", "light")
    assert visit((tmp_path / page_of(vault)).as_uri()).title.strip()


def test_the_policy_lets_the_style_in_and_no_script(folder, visit):
    browser = visit((folder / "index.html").as_uri())
    sheet = "return getComputedStyle(document.querySelector('main')).display"
    assert browser.execute_script(sheet) == "grid"

    browser.execute_script(
        "const it = document.createElement('script'); it.text = 'window.ran = 1';"
        "document.body.append(it)"
    )

    assert browser.execute_script("return window.ran") is None
    assert "Content Security Policy" in "".join(entries(browser))


def test_what_strangers_wrote_runs_nowhere(life, folder, visit):
    for name in ("script", "ruined"):
        browser = visit((folder / page_of(getattr(life, name).address)).as_uri())

        assert browser.execute_script("return document.scripts.length") == 0
        label = bytes(label_of(life, name)).decode()
        assert browser.execute_script("return document.querySelector('h1').innerText") == label
        assert browser.title == label


def label_of(life, name):
    vaults = life.market.factory.VaultOpened.range(0, 10**9)
    return next(it.label for it in vaults if it.vault == getattr(life, name)).rstrip(b"\0")


def test_links_lead_where_they_say(life, folder, visit):
    browser = visit((folder / "index.html").as_uri())

    browser.find_element("link text", "Vaults").click()
    assert browser.title == "Vaults of demo"
    browser.find_element("link text", "other").click()
    assert browser.title == "other"
    assert browser.current_url.endswith(page_of(life.other.address))


def test_only_a_page_with_links_has_a_place_for_them(folder, visit):
    for place in folder.rglob("*.html"):
        browser = visit(place.as_uri())
        assert browser.find_elements("css selector", "nav:not(:has(a))") == [], place


# -- Served ----------------------------------------------------------------------------------------


def test_served_pages_are_the_same(life, folder, server, visit):
    for name in ("index.html", "vaults-1.html", page_of(life.vault.address)):
        seen = []
        for address in ((folder / name).as_uri(), f"http://127.0.0.1:{server.port}/{name}"):
            browser = visit(address)
            assert entries(browser) == [], address
            size = "return [document.body.innerText, document.documentElement.scrollHeight]"
            seen.append(browser.execute_script(size))

        assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", ["file", "data"])
def test_a_page_of_another_origin_gets_nothing(server, visit, tmp_path, kind):
    (tmp_path / "other.html").write_text("<!doctype html><title>another</title>")
    page = (tmp_path / "other.html").as_uri() if kind == "file" else "data:text/html,another"
    address = f"http://127.0.0.1:{server.port}/market.json"
    browser = visit(page)

    state, text = browser.execute_async_script(FETCH, address)

    assert (state, text) == ("refused", "TypeError: Failed to fetch")


def test_a_page_of_ours_gets_nothing_either(server, visit):
    """Its policy lets it connect nowhere: there is no script that should."""
    address = f"http://127.0.0.1:{server.port}/market.json"
    browser = visit(f"http://127.0.0.1:{server.port}/")

    state, _ = browser.execute_async_script(FETCH, address)

    assert state == "refused"


def test_a_page_of_another_origin_shows_none_of_ours(server, visit, tmp_path):
    frame = tmp_path / "frame.html"
    frame.write_text(f"<!doctype html><iframe src='http://127.0.0.1:{server.port}/'></iframe>")

    browser = visit(frame.as_uri())

    browser.switch_to.frame(0)
    assert "demo" not in browser.execute_script("return document.documentElement.innerText")


# -- On paper --------------------------------------------------------------------------------------


def printed(browser):
    """Print a page as it wants to be."""
    options = {"preferCSSPageSize": True, "printBackground": True}
    return b64decode(browser.execute_cdp_cmd("Page.printToPDF", options)["data"])


def boxes(document):
    """The sizes of the pages of a PDF. [pt]"""
    found = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", document)
    return [(float(width), float(height)) for width, height in found]


@pytest.mark.parametrize("name", ["statements/1.html", "statements/4.html"])
def test_a_statement_is_printed_on_a4(folder, visit, name):
    document = printed(visit((folder / name).as_uri(), scheme="dark"))

    pages = boxes(document)
    assert 1 <= len(pages) <= 8
    for page in pages:
        assert page == pytest.approx(A4, abs=1)
