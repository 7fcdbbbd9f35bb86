"""A market's pages: each client has his own, with nothing of another's in it."""

import csv
import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath

import pytest

from ringfence.dashboard import site
from ringfence.dashboard.site import page_of
from ringfence.ledger.account import Account
from ringfence.lens import LensRow
from ringfence.pages import render
from ringfence.units import WAD
from tests.statements import PROOF, Reader
from tests.steps import DAY

REVERTS = 1  # quirk of a feed
SUFFIXES = (".html", ".json", ".csv")


@pytest.fixture(scope="module")
def files(built):
    return built.files


@pytest.fixture(scope="module")
def pages(files):
    """The pages among them, by place."""
    return {name: it.decode() for name, it in files.items() if name.endswith(".html")}


# -- Files -----------------------------------------------------------------------------------------


def test_there_is_a_page_for_each(life, files):
    of_clients = {
        str(PurePosixPath(page_of(it.address)).with_suffix(suffix))
        for it in life.vaults
        for suffix in SUFFIXES
    }

    assert files.keys() == of_clients | {
        *("index.html", "vaults-1.html"),
        *("market.json", "metrics.txt"),
    }


def test_the_same_chain_gives_the_same_bytes(files, build):
    assert build(PROOF) == files


def test_pages_run_nothing_and_need_nothing(pages):
    for text in pages.values():
        Reader(text).check()


def test_links_lead_to_pages_of_the_site(files, pages):
    for name, text in pages.items():
        for href in Reader(text).hrefs:
            assert str(PurePosixPath(name).parent / href) in files


def test_the_operator_gets_to_every_page(life, pages):
    links = set(Reader(pages["vaults-1.html"]).hrefs)

    assert links == {"index.html", "vaults-1.html", *(page_of(it.address) for it in life.vaults)}
    assert {"index.html", "vaults-1.html"} <= set(Reader(pages["index.html"]).hrefs)


def test_what_programs_read_is_what_the_page_shows(files, look):
    facts = json.loads(files["market.json"])

    assert facts["vaults"] == 5
    assert facts["proof"]["hash"] == PROOF["hash"]
    assert facts["classes"] == [
        {name: f"{it:f}" if isinstance(it, Decimal) else it for name, it in row.items()}
        for row in look().classes
    ]
    assert b'ringfence_vaults_by_health{health="no debt",market="demo"} 2\n' in files["metrics.txt"]


def test_vaults_of_which_nothing_is_known_are_not_called_safe(life, build, feed_keeper):
    for symbol in ("WETH", "WBTC"):
        life.market.feeds[symbol].set_quirks(REVERTS, sender=feed_keeper)

    text = build()["index.html"].decode()

    assert "Vaults whose margin is not known are left out: 3" in text
    assert "Nothing can be liquidated" not in text


def test_a_clients_files_are_his_statement(life, files):
    for vault in life.vaults:
        place = PurePosixPath(page_of(vault.address))
        facts = json.loads(files[str(place.with_suffix(".json"))])
        rows = list(csv.DictReader(io.StringIO(files[str(place.with_suffix(".csv"))].decode())))

        assert facts["vault"]["address"] == vault.address
        assert facts["proof"] == PROOF
        assert [it["transaction"] for it in rows] == [
            it["transaction"] for it in facts["movements"]
        ]


# -- Privacy ---------------------------------------------------------------------------------------


LABELS = {  # as pages and JSON would have them
    "vault": ["<h1>vault</h1>", '"label":"vault"'],
    "other": ["<h1>other</h1>", '"label":"other"', ">other<"],
    "script": ["alert(1)"],
    "ruined": ["x()", "&lt;/style&gt;", "</style><script"],
    "house": ["<h1>house</h1>", '"house"', ">house<", "House vault"],
}


@pytest.mark.parametrize("name", LABELS)
def test_nothing_of_another_vault_is_told(life, files, name):
    mine = getattr(life, name)
    place = PurePosixPath(page_of(mine.address))
    for suffix in SUFFIXES:
        text = files[str(place.with_suffix(suffix))].decode()
        assert suffix == ".csv" or mine.address in text
        for other, labels in LABELS.items():
            if other == name:
                continue
            vault = getattr(life, other)
            for address in (vault.address, life.owners[vault.address]):
                assert address[2:].lower() not in text.lower(), (other, suffix)
            assert not [it for it in labels if it in text], (other, suffix)


@pytest.mark.parametrize("name", LABELS)
def test_a_client_sees_nothing_of_the_operators(life, pages, name):
    text = pages[page_of(getattr(life, name).address)]

    address = getattr(life, name).address
    assert Reader(text).hrefs == [f"{address}.json", f"{address}.csv"]
    for word in ("index.html", "vaults-", "market.json", "metrics", "Nearest", "Insurance against"):
        assert word not in text
    assert not re.search(r"\b5 vaults|in debt<", text)


def test_what_happens_to_another_changes_no_facts_but_interest_and_time(
    life, build, files, weth, neighbour
):
    """What a neighbour takes is not seen in anything of the house's."""
    mine = page_of(life.house.address).replace(".html", ".json")
    life.other.withdraw(weth, 1, neighbour, sender=neighbour)

    before, after = (json.loads(it[mine]) for it in (files, build(PROOF)))

    assert changed(before, after) <= {
        *("period.to.block", "period.to.timestamp", "performance.to.block"),
        *("performance.to.timestamp", "prices.0.age"),
    }


def changed(before, after, place=""):
    """Return where two JSON values differ."""
    if type(before) is type(after) and isinstance(before, dict):
        keys = before.keys() | after.keys()
        return set().union(
            *(changed(before.get(it), after.get(it), f"{place}.{it}".strip(".")) for it in keys)
        )
    if type(before) is type(after) and isinstance(before, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return set().union(*(changed(*pair, f"{place}.{at}") for at, pair in pairs))
    return set() if before == after else {place}


# -- What strangers wrote --------------------------------------------------------------------------


def test_labels_are_text(pages):
    for name in ("index.html", "vaults-1.html"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[name]
    assert "&lt;/style&gt;&lt;script&gt;x()&lt;/script&gt;" in pages["vaults-1.html"]


# -- Many vaults -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crowd:
    """As many vaults as one likes, as an operator would know them."""

    count: int

    @property
    def rows(self):
        return [(account(number), row(number)) for number in range(1, self.count + 1)]

    def row_facts(self, account, row):
        return {
            "id": account.id,
            "vault": account.vault,
            "label": account.label,
            "class": account.fund_class,
            "status": "ok",
            "debt": Decimal(1),
            "equity": Decimal(2),
            "health": Decimal("1.5"),
            "fall": Decimal("0.33"),
        }


def account(number):
    vault = f"0x{number:040x}"
    return Account(vault, vault, vault, f"vault {number}".encode(), "client", number, 1)


def row(number):
    return LensRow(f"0x{number:040x}", 0, "", 10**6, 3 * WAD // 2, 3 * WAD, WAD)


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (0, ["Vaults"]),
        (1, ["Vaults"]),
        (1_000, ["Vaults"]),
        (1_001, ["Vaults 1–1000", "Vaults 1001–1001"]),
        (2_500, ["Vaults 1–1000", "Vaults 1001–2000", "Vaults 2001–2500"]),
    ],
)
def test_lists_are_split(count, names):
    lists = list(site._lists(Crowd(count)))

    assert [it.name for it in lists] == names
    assert [it.path for it in lists] == [f"vaults-{it}.html" for it in range(1, len(names) + 1)]
    assert [it["id"] for page in lists for it in page.rows] == list(range(1, count + 1))


def test_a_split_list_leads_to_the_others_and_says_where_one_is():
    lists = list(site._lists(Crowd(1_001)))
    market = {"name": "demo", "quote": "USD", "asset": "USDC"}
    shown = {"lists": lists, "pages": {}, "market": market}
    block = {"number": 1, "timestamp": DAY}

    text = render("vaults.html", here=lists[1].path, rows=lists[1].rows, block=block, **shown)

    read = Reader(text.decode())
    read.check()
    assert read.hrefs == ["index.html", "vaults-1.html", "vaults-2.html"]
    assert b'<a href="vaults-2.html" aria-current="page">Vaults 1001' in text
    assert text.count(b'<th scope="row">') == 1
