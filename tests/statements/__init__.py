"""Half a year of a market: vaults of five owners with loans, a liquidation, and a debt given up."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from ringfence.charts import stylesheet
from ringfence.cli.desk import Desk
from ringfence.cli.lookback import looking_at
from ringfence.cli.statement import ALL, blocks_of
from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from ringfence.pages.policy import policy_meta
from ringfence.statements.document import Statement
from tests import steps
from tests.steps import DAY, MAX, USDC, WBTC, WETH

SCRIPT = "<script>alert(1)</script>"
STYLE = "</style><script>x()</script>"
LISTED_SYMBOL = "=1+1"
BROUGHT_SYMBOL = '<img src="x">'  # of a token that nobody listed

PROOF = {
    "number": 7,
    "hash": "0x" + "ab" * 32,
    "block": 1,
    "timestamp": 1_600_000_000,
    "checks": [
        {"id": f"P{number}", "title": "Nothing is mixed", "status": status}
        for number, status in enumerate(("pass", "fail", "skipped", "told"), start=1)
    ],
}


@dataclass(frozen=True)
class Life:
    """What there is in the end."""

    market: Any
    vault: Any  # liquidated; its owner gets loans, and a stranger repays some
    other: Any
    script: Any  # two whose labels are HTML
    ruined: Any  # ended in bad debt
    house: Any
    owners: dict[str, Any]  # by address of a vault
    quarter: str  # in which most of it happened
    month: str  # of it, likewise
    day: str
    early: str  # the quarter before: there was the first vault only
    running: str  # the quarter that is not over

    @property
    def vaults(self):
        """All of them, in the order of their ids."""
        return [self.vault, self.other, self.script, self.ruined, self.house]


def quarter_of(moment):
    """Return the year and the number from 0 of a quarter."""
    day = datetime.fromtimestamp(moment, UTC)
    return day.year, (day.month - 1) // 3


def later(quarter, count):
    """Return another quarter."""
    year, number = quarter
    years, number = divmod(number + count, 4)
    return year + years, number


def begin_of(quarter):
    year, number = quarter
    return int(datetime(year, 3 * number + 1, 1, tzinfo=UTC).timestamp())


def name_of(quarter):
    year, number = quarter
    return f"{year}Q{number + 1}"


class Clock:
    """Lets time pass, while feeds stay alive."""

    def __init__(self, market, chain, keeper):
        self.market, self.chain, self.keeper = market, chain, keeper

    @property
    def now(self):
        return self.chain.blocks.head.timestamp

    def to(self, moment):
        assert moment > self.now
        self.chain.mine(deltatime=moment - self.now)
        steps.refresh(self.market, self.keeper)


ROLES = ("owner", "neighbour", "outsider", "lender", "liquidator", "feed_keeper", "house")


def people_of(request, accounts):
    """Return test accounts by role."""
    known = {it: request.getfixturevalue(it) for it in ROLES}
    return known | {"third": accounts[12], "fourth": accounts[13]}


def live(market, chain, people, vault, other):
    """Let it happen."""
    clock = Clock(market, chain, people["feed_keeper"])
    owner, neighbour, outsider = people["owner"], people["neighbour"], people["outsider"]
    weth, wbtc, usdc = market.tokens["WETH"], market.tokens["WBTC"], market.asset
    quarter = quarter_of(clock.now)

    def price(symbol, dollars):
        steps.price(market, symbol, dollars, people["feed_keeper"])

    # the first quarter
    steps.lend(market, people["lender"], 1_000_000 * USDC)
    steps.put(vault, weth, 100 * WETH, owner)
    vault.borrow(10_000 * USDC, owner, sender=owner)

    # the second
    begin = begin_of(later(quarter, 1)) + 9 * DAY
    clock.to(begin + DAY // 2)
    script = market.open_vault(people["third"], SCRIPT, sender=outsider)
    ruined = market.open_vault(people["fourth"], STYLE, sender=outsider)
    house = market.open_house_vault("house", sender=people["house"])
    steps.put(other, weth, 30 * WETH, neighbour)
    other.withdraw(weth, WETH, neighbour, sender=neighbour)
    steps.put(script, wbtc, 2 * WBTC, people["third"])
    script.borrow(5_000 * USDC, script, sender=people["third"])
    steps.put(ruined, wbtc, WBTC, people["fourth"])
    ruined.borrow(5_900 * USDC, people["fourth"], sender=people["fourth"])
    steps.put(house, usdc, 7_000 * USDC, people["house"])
    vault.borrow(500 * USDC, vault, sender=owner)
    vault.borrow(600 * USDC, owner, sender=owner)
    vault.repay_from_vault(200 * USDC, sender=owner)
    steps.give(usdc, outsider, 300 * USDC, vault)
    vault.repay(300 * USDC, sender=outsider)
    weth.mint(vault, WETH, sender=outsider)
    stray = outsider.deploy(market.project.MockToken, "Stray", BROUGHT_SYMBOL, 6)
    stray.mint(vault, 5_000_000, sender=outsider)
    clock.to(begin + DAY + DAY // 2)
    price("WETH", 115)
    price("WBTC", 4_500)
    for it, token, most in ((vault, weth, 1_000 * USDC), (ruined, wbtc, MAX)):
        steps.give(usdc, people["liquidator"], 20_000 * USDC, it)
        it.liquidate(token, most, 0, people["liquidator"], MAX, b"", sender=people["liquidator"])
    price("WETH", 200)
    vault.withdraw(weth, WETH, outsider, sender=owner)

    # the third
    clock.to(begin_of(later(quarter, 2)) + 3 * DAY + DAY // 2)
    steps.put(vault, weth, 5 * WETH + 3, owner)
    other.borrow(1_000 * USDC, neighbour, sender=neighbour)
    script.repay_from_vault(1_234_567_891, sender=people["third"])
    price("WBTC", 5_100)
    clock.to(clock.now + DAY)

    known = [vault, other, script, ruined, house]
    owning = [owner, neighbour, people["third"], people["fourth"], people["house"]]
    day = datetime.fromtimestamp(begin, UTC)
    return Life(
        market=market,
        vault=vault,
        other=other,
        script=script,
        ruined=ruined,
        house=house,
        owners={it.address: who.address for it, who in zip(known, owning, strict=True)},
        quarter=name_of(later(quarter, 1)),
        month=f"{day:%Y-%m}",
        day=f"{day + (datetime.fromtimestamp(begin + DAY, UTC) - day):%Y-%m-%d}",
        early=name_of(quarter),
        running=name_of(later(quarter, 2)),
    )


# -- Looking at it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A statement, and what it says."""

    statement: Statement

    @property
    def facts(self):
        return self.statement.facts

    @property
    def opening(self):
        """The block after which it begins."""
        return self.facts["period"]["from"]["block"]

    @property
    def closing(self):
        """The block after which it ends."""
        return self.facts["period"]["to"]["block"]


def told(market, url, vault, period=ALL, proof=None):
    """Return the statement of a vault, by a ledger that is brought up to date."""
    store = Store.open(str(url), about(market))
    head = Follower(market, store).follow()
    with looking_at(Desk(market), store) as looking:
        account = Books.at(market, store, head.number).accounts[vault.address]
        blocks = blocks_of(looking, account, period, head.number)
        return Told(Statement.of(looking, account, blocks, period, proof))


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what is in it."""

    VOID = ("meta", "br")
    FOREIGN = ("script", "link", "img", "iframe", "object", "embed", "form", "base")

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.styles, self.texts, self.open = [], [], [], [], []
        self.page = page
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        (self.styles if self.open[-1:] == ["style"] else self.texts).append(text)

    @property
    def hrefs(self):
        """Where its links lead."""
        return [value for name, value in self.attributes if name == "href"]

    def check(self):
        """It is well-formed, runs nothing, needs nothing else, and its policy lets nothing in."""
        assert self.open == []
        assert not set(self.FOREIGN) & set(self.tags)
        names = {name for name, _ in self.attributes}
        assert not [it for it in names if it.startswith("on") or it in ("style", "src", "xmlns")]
        assert not re.findall("<script|style=|https?:", self.page)
        assert self.styles == [stylesheet()]
        assert ("content", policy_meta(stylesheet())) in self.attributes
        assert self.page.index("Content-Security-Policy") < self.page.index("<style")
        ids = [value for name, value in self.attributes if name == "id"]
        assert len(set(ids)) == len(ids)
        for name, value in self.attributes:
            if name in ("aria-labelledby", "aria-describedby"):
                assert set(value.split()) <= set(ids)
