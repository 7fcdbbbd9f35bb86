"""A statement as a page says all that its facts say, and what strangers wrote is text in it."""

import html
import re
from decimal import Decimal

import pytest

from ringfence.pages import age, amount, moment, money, price, ratio, share, short, signed
from ringfence.statements.forms import hash_of
from ringfence.statements.page import MOST_STRAYS, as_html
from tests.statements import BROUGHT_SYMBOL, SCRIPT, STYLE, Reader
from tests.steps import MAX, USDC, WAD, WETH, put

NAMES = ("vault", "other", "script", "ruined", "house")
TEMPLATES = ("statement.html", "client.html")


@pytest.fixture
def page(tell):
    def act(vault, template="statement.html", period="all"):
        told = tell(vault, period)
        return as_html(told.statement, template).decode()

    return act


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", NAMES)
def test_it_needs_nothing_else_and_runs_nothing(life, page, name, template):
    text = page(getattr(life, name), template)
    read = Reader(text)

    read.check()
    address = getattr(life, name).address
    files = [f"{address}.json", f"{address}.csv"] if template == "client.html" else []
    assert read.hrefs == files


@pytest.mark.parametrize(("name", "label"), [("script", SCRIPT), ("ruined", STYLE)])
def test_a_label_is_text(life, page, name, label):
    text = page(getattr(life, name))

    assert label not in text
    assert f"<h1>{html.escape(label)}</h1>" in text
    assert f"<title>Statement of {html.escape(label)}</title>" in text


def test_a_symbol_is_text(life, page, with_notice, risk_admin, owner):
    """Even that of a token which the market lists."""
    brought = owner.deploy(life.market.project.MockToken, "Brought", BROUGHT_SYMBOL, 18)
    feed = life.market.feeds["DAI"]
    terms = brought, feed, 90_000, 1, 10**9
    with_notice(life.market.oracle, "set_feed", *terms, sender=risk_admin)
    with_notice(life.market.engine, "list_token", brought, 0, WAD // 2, MAX, sender=risk_admin)
    put(life.vault, brought, 5 * WETH, owner)

    text = page(life.vault)

    assert BROUGHT_SYMBOL not in text
    assert f"{html.escape(BROUGHT_SYMBOL)}</th>" in text.replace("&#34;", "&quot;")


@pytest.mark.parametrize("period", ["all", "quarter", "day"])
def test_it_says_what_the_facts_say(life, page, tell, period):
    name = "all" if period == "all" else getattr(life, period)
    facts = tell(life.vault, name).facts
    text = plain(page(life.vault, period=name))

    for it in facts["positions"]:
        for key in ("opening", "in", "out", "closing"):
            assert f"|{amount(it[key])}|" in text
        assert f"|{price(it['price'])}|" in text
        assert f"|{money(it['value'])}|" in text
    for key in ("borrowed", "repaid", "interest", "closing"):
        assert f"|{amount(facts['debt'][key])}|" in text
    for it in facts["movements"]:
        assert f"|{moment(it['timestamp'])}|" in text
        assert f"|{amount(it['amount'])} {it['symbol'] or 'units'}|" in text
        assert f"|{signed(it['value'])}|" in text
        assert f"|{short(it['transaction'])}|" in text
    for it in facts["prices"]:
        assert f"|{age(it['age'])}|" in text
        assert f"|{it['source'] or 'the quote currency itself'}|" in text
    for key in ("equity", "available_funds", "excess_liquidity"):
        assert f"|{money(facts['margin'][key])}|" in text
    assert f"|{share(facts['performance']['time_weighted'])}|" in text
    assert f"|{hash_of(facts)}|" in text


@pytest.mark.parametrize("percent", range(-99, 100))
def test_shares_are_what_they_stand_for(percent):
    """A float is a little more or less, and what is written is rounded down."""
    assert share(percent / 100) == share(1 + percent / 100 - 1) == f"{percent}.00 %"
    assert ratio(percent / 100) == f"{Decimal(percent) / 100:.2f}"


def test_prices_are_rounded_down():
    assert price(Decimal("12345678901.999999999999999999")) == "12,345,678,901.99"


def test_a_former_owner_is_told_of(life, page, owner, neighbour, usdc):
    assert "another owner" not in page(life.vault)
    for giver, taker in ((owner, neighbour), (neighbour, owner)):
        life.vault.transfer_ownership(taker, sender=giver)
        life.vault.accept_ownership(sender=taker)
        put(life.vault, usdc, 1, taker)

    assert "another owner" in page(life.vault)


def test_a_former_owner_is_told_of_who_only_borrowed(life, page, owner, neighbour):
    life.vault.transfer_ownership(neighbour, sender=owner)
    life.vault.accept_ownership(sender=neighbour)
    life.vault.borrow(10 * USDC, neighbour, sender=neighbour)
    life.vault.transfer_ownership(owner, sender=neighbour)
    life.vault.accept_ownership(sender=owner)

    assert "another owner" in page(life.vault)


def test_an_owner_before_anything_moved_is_not_told_of(life, page, outsider, neighbour, usdc):
    vault = life.market.open_vault(outsider, "sold", sender=outsider)
    vault.transfer_ownership(neighbour, sender=outsider)
    vault.accept_ownership(sender=neighbour)
    put(vault, usdc, 1, neighbour)

    assert "another owner" not in page(vault)


def test_strangers_do_not_make_a_page_long(life, tell, page, outsider):
    stray = outsider.deploy(life.market.project.MockToken, "Spam", "SPAM", 0)
    for number in range(1, MOST_STRAYS + 5):
        stray.mint(life.vault, 1_000_000 + number, sender=outsider)

    told, text = tell(life.vault).facts["movements"], page(life.vault)

    assert len([it for it in told if it["symbol"] is None]) == MOST_STRAYS + 5
    assert text.count(" units</td>") == MOST_STRAYS
    assert "And 5 more of tokens that the market does not list" in text
    known = [it for it in told if it["symbol"]]
    assert all(f"|{amount(it['amount'])} {it['symbol']}|" in plain(text) for it in known)


def plain(page):
    """What a page says, without its tags."""
    return html.unescape(re.sub("<[^>]*>", "|", page))


def test_a_hold_is_told(life, page, tell, officer):
    until = life.market.provider.get_block("latest").timestamp + 100_000
    life.vault.place_hold(b"court", until, sender=officer)

    assert tell(life.vault).facts["vault"]["hold_until"] == until
    assert f"on hold</span> until {moment(until)} UTC" in page(life.vault)
    assert "on hold" not in page(life.other)


def test_a_vault_in_which_nothing_happened_has_a_page(life, page, outsider):
    empty = life.market.open_vault(outsider, "empty", sender=outsider)

    text = page(empty)

    assert "nothing moved" in text
    assert text.count("no debt") >= 3
    assert "adds up" in text
