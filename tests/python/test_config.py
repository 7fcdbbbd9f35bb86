"""A market that cannot be meant is refused, with key, value and remedy."""

import tomllib
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ringfence.config import MarketConfig, Roles
from ringfence.config_rules import problems_on_chain
from ringfence.exceptions import ConfigError

DEMO = Path(__file__).parent.parent.parent / "scripts" / "config" / "demo.toml"
DOCUMENT = tomllib.loads(DEMO.read_text(), parse_float=Decimal)
GONE = object()
SOMEWHERE = "0x" + 20 * "1b"


def changed(changes):
    """The demo market with some keys set to something else, or gone."""
    document = deepcopy(DOCUMENT)
    for path, value in changes.items():
        *tables, key = path.split(".")
        table = document
        for name in tables:
            table = table.setdefault(name, {})
        if value is GONE:
            del table[key]
        else:
            table[key] = value
    return document


def problems(changes):
    with pytest.raises(ConfigError) as caught:
        MarketConfig.from_document(changed(changes), "test.toml")
    return list(caught.value.problems)


# -- Good ------------------------------------------------------------------------------------------


def test_demo_market_is_fine():
    config = MarketConfig.load(DEMO)

    assert config.name == "demo"
    assert [token.symbol for token in config.tokens] == ["USDC", "WETH", "WBTC", "DAI"]
    assert config.token("WETH").initial_ltv == Decimal("0.8")
    assert config.feeds["WETH"].price == Decimal("193.84")
    assert config.notice == 259_200


def test_digest_is_of_what_is_configured_not_of_how_it_is_written():
    config = MarketConfig.load(DEMO)
    same = changed({"token.WETH.initial_ltv": "8000 bps", "market.notice": "72 hours"})
    other = changed({"token.WETH.initial_ltv": "79 %"})

    assert MarketConfig.from_document(same).digest == config.digest
    assert MarketConfig.from_document(other).digest != config.digest


def test_defaults():
    config = MarketConfig.from_document(
        changed({"roles": GONE, "pool.max_debt": GONE, "market.notice": GONE})
    )

    assert config.roles == Roles()
    assert config.pool.max_debt is None
    assert config.notice == 259_200


def test_credit_asset_with_a_feed():
    feed = {"price": 1, "lowest": Decimal("0.9"), "highest": Decimal("1.1")}
    feed |= {"heartbeat": "25 hours", "mock": True}
    config = MarketConfig.from_document(
        changed({"credit_asset.is_quote": False, "credit_asset.feed": feed})
    )

    assert config.feeds["USDC"].price == 1


def test_code_is_checked_like_a_file():
    config = MarketConfig.load(DEMO)

    with pytest.raises(ConfigError, match="market.name"):
        replace(config, name="Not a file name")


# -- What cannot be read ---------------------------------------------------------------------------

UNREADABLE = [
    ({"pool.min_dept": 1}, "pool.min_dept = 1: is unknown; known here are borrow_cap,"),
    ({"kurve": {}}, "kurve = {…}: is unknown; known here are"),
    ({"token.WETH.feed.bounds": 1}, "token.WETH.feed.bounds = 1: is unknown"),
    ({"pool.min_debt": GONE}, "pool.min_debt: is missing; write a number"),
    ({"rates": GONE}, "rates: is missing; add a table [rates]"),
    ({"token": GONE}, "token: is missing; add a table [token.WETH]"),
    ({"market.name": 3}, 'market.name = 3: write a text such as "demo"'),
    ({"pool.min_debt": True}, "pool.min_debt = true: write a number"),
    ({"pool.min_debt": "much"}, 'pool.min_debt = "much": write a number'),
    ({"credit_asset.decimals": "6"}, 'credit_asset.decimals = "6": write a whole number'),
    ({"credit_asset.is_quote": "yes"}, 'credit_asset.is_quote = "yes": write true or false'),
    ({"rates.kink": Decimal("0.8")}, 'rates.kink = 0.8: write a share such as "80 %"'),
    ({"market.notice": 259_200}, 'market.notice = 259200: write a span of time such as "3 days"'),
    (
        {"token.WETH.feed.highest": Decimal("1e999999")},
        "token.WETH.feed.highest = 1E+999999: write a number such as",
    ),
    ({"pool.min_debt": Decimal("1e-999999")}, "pool.min_debt = 1E-999999: write a number"),
    ({"gas.liquidation_gas": 10**50}, "gas.liquidation_gas = 1000"),
    ({"rates.kink": "0." + 200 * "1" + " %"}, 'rates.kink = "0.111'),
    ({"market.notice": "0." + 99 * "1" + " days"}, 'market.notice = "0.111'),
    ({"roles.owner": Decimal("0.5")}, "roles.owner = 0.5: write an address, or the number"),
    ({"pool": "deep"}, 'pool = "deep": is no table; write [pool]'),
    ({"token.WETH.mock": GONE}, "token.WETH.address: is missing; write an address, or mock = true"),
    ({"token.WETH.address": SOMEWHERE}, "token.WETH.mock = true: there is an address, too"),
    ({"token.USDC.mock": True}, "token.USDC.mock = true: is unknown"),
    ({"token.WETH.second_feed": {}}, "token.WETH.second_feed: needs notice on chain; drop it"),
]


@pytest.mark.parametrize(("changes", "message"), UNREADABLE)
def test_unreadable(changes, message):
    found = problems(changes)

    assert [problem for problem in found if problem.startswith(message)], found


def test_not_toml(tmp_path):
    path = tmp_path / "market.toml"
    path.write_text("name = ")

    with pytest.raises(ConfigError, match=r"market.toml: is not TOML"):
        MarketConfig.load(path)


def test_integer_beyond_all_bounds(tmp_path):
    path = tmp_path / "market.toml"
    path.write_text(f"notice = {5_000 * '9'}")

    with pytest.raises(ConfigError, match=r"market.toml: is not TOML"):
        MarketConfig.load(path)


def test_no_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        MarketConfig.load(tmp_path / "none.toml")


# -- What cannot be meant --------------------------------------------------------------------------

BAD = [
    ({"market.name": "../x"}, 'market.name = "../x"', "use up to 40 lower-case letters"),
    ({"market.notice": "2 days"}, 'market.notice = "2 days": is too short', '"3 days" or more'),
    ({"market.notice": "31 days"}, 'market.notice = "31 days": is too long', '"30 days" or less'),
    ({"oracle.grace": "2 days"}, "oracle.grace = 172800: is too long", '"1 day" or less'),
    (
        {"token.usdc": DOCUMENT["token"]["WETH"]},
        'token.symbol = "usdc": is the credit asset USDC in other letters',
        "write [token.USDC]",
    ),
    ({"roles.owner": -1}, "roles.owner = -1: is no account", "count them from 0"),
    ({"roles.owner": "0x12"}, 'roles.owner = "0x12": is no address', "20 bytes in hex"),
    ({"roles.owner": "0x" + 40 * "0"}, "is the zero address", "leave it out"),
    ({"oracle.sequencer": "up"}, 'oracle.sequencer = "up": is no address', "20 bytes"),
    ({"oracle.grace": "1 hour"}, "oracle.grace = 3600: has no sequencer", "drop it"),
    ({"credit_asset.decimals": 19}, "credit_asset.decimals = 19: is out of range", "6 to 18"),
    ({"credit_asset.is_quote": False}, "credit_asset.feed: is missing", "is_quote = true"),
    ({"token.WETH.feed": GONE}, "token.WETH.feed: is missing", "add [token.WETH.feed]"),
    ({"token.WETH.decimals": 5}, "token.WETH.decimals = 5: is out of range", "6 to 18"),
    ({"token.WETH.cap": 0}, "token.WETH.cap = 0: is not above zero", "leave it out"),
    ({"token.WBTC.cap": "0.000000001"}, "is finer than the token", "8 decimal places"),
    (
        {"token.WETH.initial_ltv": "86 %"},
        'token.WETH.initial_ltv = "86 %": is above the maintenance LTV of 85 %',
        "lower it to 85 % or less",
    ),
    (
        {"token.WETH.maintenance_ltv": "95 %"},
        "with the largest bonus of 5 % it comes to 99.75 % of the collateral, above 99 %",
        "lower it to 94.28 % or less, or lower liquidation.max_bonus",
    ),
    ({"token.WETH.initial_ltv": "-1 %"}, "is out of range", "choose from 0 % to 100 %"),
    ({"token.WETH.feed.price": 1}, "token.WETH.feed.price = 1: is outside its bounds", "widen"),
    ({"token.WETH.feed.lowest": 200}, "is outside its bounds 200 to 100,000", "widen the bounds"),
    ({"token.WETH.feed.lowest": 0}, "token.WETH.feed.lowest = 0: is not above zero", "more"),
    ({"token.WETH.feed.heartbeat": "0 hours"}, "heartbeat = 0: is out of range", "25 hours"),
    ({"token.WETH.feed.decimals": 40}, "feed.decimals = 40: is out of range", "0 to 36"),
    ({"token.WETH.feed.decimals": 1}, "feed.price = 193.84: is finer than the feed", "1 decimal"),
    ({"token.WETH.feed.highest": 10**12}, "highest = 1,000,000,000,000: is too large", "lower it"),
    ({"token.weth": DOCUMENT["token"]["WETH"]}, 'token.symbol = "weth": is there twice', "once"),
    ({"rates.kink": "100 %"}, 'rates.kink = "100 %": leaves no second slope', '"80 %"'),
    ({"rates.kink": "0 %"}, 'rates.kink = "0 %": leaves no second slope', '"80 %"'),
    ({"rates.kink": "101 %"}, 'rates.kink = "101 %": is out of range', "0 % to 100 %"),
    ({"rates.full": "3 %"}, "is below rates.at_kink of 4 %, so the curve falls", "raise it"),
    ({"rates.full": "1,001 %"}, "rates.full", "choose from 0 % to 1,000 %"),
    ({"pool.insurance_share": "46 %"}, "the reserves take 51 % of the interest", "half"),
    ({"pool.share_name": 26 * "x"}, "pool.share_name", "use 1 to 25 ASCII characters"),
    ({"pool.share_symbol": "é"}, 'pool.share_symbol = "é"', "use 1 to 16 ASCII characters"),
    ({"pool.loss_stop": "101 %"}, "pool.loss_stop", "choose from 0 % to 100 %"),
    ({"pool.max_debt": 999}, "pool.min_debt = 1,000: is above pool.max_debt of 999", "lower it"),
    ({"pool.supply_cap": 10**31}, "pool.supply_cap", "leave it out for no limit"),
    ({"token.WETH.cap": 79_228_162_515}, "token.WETH.cap = 79,228,162,515: is too large", "no lim"),
    (
        {"pool.min_debt": 100},
        "liquidating it earns 0.80 at the smallest bonus, after the insurance share, and costs"
        " 3.87 of gas with 16 tokens",
        "raise it to 485 or more, or raise liquidation.min_bonus",
    ),
    ({"gas.gas_price": 0}, "gas.gas_price = 0: is not above zero", "write more"),
    ({"liquidation.min_bonus": "0 %"}, "liquidation.min_bonus", "nobody liquidates for nothing"),
    ({"liquidation.max_bonus": "0.5 %"}, "is below liquidation.min_bonus of 1 %", "raise it"),
    ({"liquidation.insurance_share": "100 %"}, "liquidation.insurance_share", "choose from 0 %"),
    ({"liquidation.floor_health": 1}, "liquidation.floor_health = 1: is out of range", "0.9"),
    ({"liquidation.target_health": 1}, "liquidation.target_health = 1: is out of range", "1.05"),
    ({"liquidation.target_health": Decimal("1.26")}, "liquidation.target_health = 1.26", "1.25"),
    ({"liquidation.dust_value": 0}, "liquidation.dust_value = 0: is out of range", "10"),
    ({"liquidation.dust_value": 101}, "is above a tenth of the smallest debt, 100", "lower it"),
]


@pytest.mark.parametrize(("changes", "message", "remedy"), BAD)
def test_bad(changes, message, remedy):
    found = [problem for problem in problems(changes) if message in problem]

    assert found
    assert remedy in found[0].split("; ", 1)[1]


def test_address_twice():
    changes = {}
    for symbol in ("WETH", "DAI"):
        changes |= {f"token.{symbol}.mock": GONE, f"token.{symbol}.address": SOMEWHERE}

    assert any("token.address" in problem and "twice" in problem for problem in problems(changes))


def test_all_problems_are_told_at_once():
    found = problems(
        {"pool.min_dept": 1, "market.name": 3, "rates.full": "3 %", "liquidation.target_health": 1}
    )

    assert len(found) == 4


def test_each_problem_is_a_line_that_names_the_file():
    error = ConfigError(["a", "b"], "test.toml")

    assert str(error).splitlines() == ["test.toml: a", "test.toml: b"]


def test_too_many_tokens():
    config = MarketConfig.load(DEMO)
    weth = config.token("WETH")
    tokens = tuple(replace(weth, symbol=f"T{number}") for number in range(89))

    with pytest.raises(ConfigError, match="token = 89: are too many; list at most 88"):
        replace(config, tokens=tokens)


# -- What does not fit the chain -------------------------------------------------------------------


def test_mocks_and_test_accounts_are_for_local_chains():
    found = problems_on_chain(MarketConfig.load(DEMO), is_local=False, accounts=0)

    assert "roles.owner = 1: this network is live; write an address" in found
    assert "credit_asset.mock = true: mocks are for local chains; write an address" in found
    assert "token.WETH.mock = true: mocks are for local chains; write an address" in found
    assert "token.WETH.feed.mock = true: mocks are for local chains; write an address" in found
    assert not [problem for problem in found if "token.USDC" in problem]


def test_there_are_so_many_test_accounts():
    config = replace(MarketConfig.load(DEMO), roles=Roles(owner=20))

    assert problems_on_chain(config, is_local=True, accounts=20) == [
        "roles.owner = 20: there are 20 test accounts; write an address"
    ]
