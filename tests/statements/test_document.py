"""What a statement says is what the chain says, and it adds up."""

from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal, localcontext

import pytest

from ringfence.performance.summary import OWED, SILENT
from ringfence.statements.forms import hash_of
from ringfence.statements.page import adds_up, as_html
from ringfence.units import added, from_base, from_wad
from tests import steps
from tests.steps import DAY, MAX, USDC, WBTC, WETH

REVERTS, HIDES_BALANCES = 1, 8

VAULTS = ("vault", "other", "script", "ruined", "house")
PERIODS = ("all", "quarter", "month", "day")


@pytest.fixture
def period_of(life):
    return lambda name: "all" if name == "all" else getattr(life, name)


def sum_of(amounts):
    total = Decimal(0)
    for it in amounts:
        total = added(total, it)
    return total


# -- It adds up ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VAULTS)
def test_opening_and_movements_are_the_closing(life, tell, name):
    facts = tell(getattr(life, name)).facts

    for it in facts["positions"]:
        assert sum_of([it["opening"], it["in"], it["out"]]) == it["closing"] == it["on_chain"]
    debt = facts["debt"]
    moved = ("opening", "borrowed", "repaid", "written_off", "interest")
    assert sum_of(debt[it] for it in moved) == debt["closing"]
    assert debt["scaled"] == debt["scaled_on_chain"]
    assert adds_up(facts)


@pytest.mark.parametrize("period", PERIODS)
def test_it_is_what_the_chain_said_then(life, tell, period_of, usdc, weth, period):
    told = tell(life.vault, period_of(period))

    ends = {"closing": told.closing} | ({"opening": told.opening} if period != "all" else {})
    for end, block in ends.items():
        assert told.facts["debt"][end] == from_base(life.vault.debt(block_id=block), 6)
        for token in (usdc, weth):
            held = from_base(token.balanceOf(life.vault, block_id=block), token.decimals())
            told_of = [it[end] for it in told.facts["positions"] if it["token"] == token.address]
            assert told_of == [held] or held == 0


def test_a_life_begins_with_nothing(life, tell):
    told = tell(life.vault).facts

    assert {it["opening"] for it in (*told["positions"], told["debt"])} == {0}
    assert told["period"]["from"]["equity"] == 0


def test_periods_follow_one_another(life, tell):
    """What a quarter begins with is what the one before ended with, and a day is of its month."""
    early, quarter = tell(life.vault, life.early).facts, tell(life.vault, life.quarter).facts
    month, day = tell(life.vault, life.month).facts, tell(life.vault, life.day).facts

    assert early["period"]["to"] == quarter["period"]["from"] == month["period"]["from"]
    assert [it["kind"] for it in early["movements"]] == ["deposit", "borrowed"]
    assert quarter["movements"] == month["movements"]
    assert [it["kind"] for it in day["movements"]] == ["repaid", "seizure", "withdrawal"]
    assert day["movements"] == month["movements"][-3:]
    whole = tell(life.vault).facts["movements"]
    assert whole[:2] == early["movements"]
    assert whole[2:-1] == quarter["movements"]


def test_debt_is_told_by_what_changed_it(life, tell):
    debt = tell(life.vault).facts["debt"]

    assert debt["opening"] == 0
    assert debt["borrowed"] == 11_100
    assert debt["repaid"] == -(200 + 300 + 1_000)
    assert debt["written_off"] == 0
    assert debt["interest"] > 0


def test_a_token_that_is_gone_is_not_told_of(life, tell, market, owner, wait, feed_keeper):
    wbtc = market.tokens["WBTC"]
    steps.put(life.vault, wbtc, WBTC, owner)
    life.vault.withdraw(wbtc, MAX, owner, sender=owner)
    first = tell(life.vault).facts
    market.feeds["WBTC"].set_quirks(REVERTS, sender=feed_keeper)
    wait(2 * DAY)
    day = datetime.fromtimestamp(first["period"]["to"]["timestamp"] + DAY, UTC).date().isoformat()

    later = tell(life.vault, day).facts

    (told,) = [it for it in first["positions"] if it["symbol"] == "WBTC"]
    assert (told["in"], told["out"], told["closing"]) == (1, -1, 0)
    assert "WBTC" not in {it["symbol"] for it in (*later["positions"], *later["prices"])}


def test_debt_that_came_and_went_is_told(life, tell, market, outsider, usdc, weth):
    vault = market.open_vault(outsider, "brief", sender=outsider)
    steps.put(vault, weth, 10 * WETH, outsider)
    vault.borrow(1_000 * USDC, outsider, sender=outsider)
    steps.give(usdc, outsider, USDC, vault)
    vault.repay(MAX, sender=outsider)

    told = tell(vault).facts

    assert (told["debt"]["borrowed"], told["debt"]["closing"]) == (1_000, 0)
    assert {it["symbol"] for it in told["prices"]} == {"WETH", "USDC"}


def test_a_price_that_no_margin_hangs_on_may_be_unknown(life, tell, market, outsider, feed_keeper):
    """A token that a stranger sent counts for nothing."""
    known = tell(life.other).facts["margin"]
    steps.put(life.other, market.tokens["DAI"], WETH, outsider)
    market.feeds["DAI"].set_quirks(REVERTS, sender=feed_keeper)
    told = tell(life.other).facts["margin"]
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)
    untold = tell(life.other)

    assert told["state"] == known["state"] == OWED
    assert told["collateral_value"] == known["collateral_value"]
    assert untold.facts["margin"]["state"] == SILENT
    page = as_html(untold.statement, "client.html").decode()
    assert "A price is not known" in page
    assert "Nothing can be liquidated" not in page


def test_debt_that_was_given_up_is_told(life, tell, pool):
    told = tell(life.ruined).facts

    (log,) = [it for it in pool.DebtWrittenOff.range(0, 10**9) if it.vault == life.ruined]
    assert told["debt"]["written_off"] == -from_base(log.assets, 6) < 0
    assert told["debt"]["closing"] == 0
    assert told["performance"]["result"]["relief"] == from_base(log.assets, 6)


@pytest.mark.parametrize("name", VAULTS)
def test_margin_is_the_engines(life, tell, engine, name):
    vault = getattr(life, name)
    told = tell(vault)

    margin = engine.margin_of(vault, block_id=told.closing)
    names = ("collateral_value", "debt_value", "equity", "initial_margin")
    names += ("maintenance_margin", "available_funds", "excess_liquidity")
    for it in names:
        assert told.facts["margin"][it] == from_wad(getattr(margin, it)), it
    has_debt = vault.debt() > 0
    assert told.facts["margin"]["health"] == (from_wad(margin.health) if has_debt else None)
    assert told.facts["margin"]["cushion"] == (from_wad(margin.cushion) if has_debt else None)


def test_it_says_whose_it_is(life, tell, market):
    told = tell(life.script).facts

    assert told["vault"] == {
        "address": life.script.address,
        "label": "<script>alert(1)</script>",
        "class": "client",
        "id": 3,
        "owner": life.owners[life.script.address],
        "opened_for": life.owners[life.script.address],
        "hold_until": None,
    }
    assert told["market"]["factory"] == market.factory.address


# -- Movements -------------------------------------------------------------------------------------

DEPOSIT, LOAN, SEIZURE = ("tokens", "deposit"), ("tokens", "loan"), ("tokens", "seizure")
GIFT, PAYMENT = ("tokens", "unsolicited"), ("tokens", "repayment")
BORROWED, REPAID = ("debt", "borrowed"), ("debt", "repaid")


def test_movements_are_called_what_they_were_in_the_order_of_the_chain(life, tell):
    told = tell(life.vault).facts["movements"]

    assert [(it["of"], it["kind"]) for it in told] == [
        DEPOSIT,
        *(BORROWED, BORROWED, LOAN, BORROWED),
        *(REPAID, PAYMENT, REPAID),
        *(GIFT, GIFT),
        *(REPAID, SEIZURE),
        ("tokens", "withdrawal"),
        DEPOSIT,
    ]
    assert [it["block"] for it in told] == sorted(it["block"] for it in told)


def test_movements_name_transactions_of_their_blocks(life, tell, chain):
    for it in tell(life.vault).facts["movements"]:
        found = life.market.provider.web3.eth.get_transaction(it["transaction"])
        assert found["blockNumber"] == it["block"]
        assert life.market.provider.get_block(it["block"]).timestamp == it["timestamp"]


@pytest.mark.parametrize("name", VAULTS)
def test_a_movement_is_worth_its_amount_at_the_price_then(life, tell, oracle, name):
    for it in tell(getattr(life, name)).facts["movements"]:
        if it["token"] in listed(life):
            price, _ = oracle.price_of(it["token"], block_id=it["block"])
            assert it["value"] == cut(multiplied(it["amount"], from_wad(price)))
            assert it["symbol"] in ("USDC", "WETH", "WBTC")


def listed(life):
    return [life.market.asset.address, *(it.address for it in life.market.tokens.values())]


def multiplied(one, other):
    with localcontext(prec=120):
        return one * other


def cut(value):
    """Leave out what is finer than 18 places."""
    with localcontext(prec=120):
        return value.quantize(Decimal("1e-18"), ROUND_DOWN)


def test_a_token_that_nobody_listed_has_no_name_and_no_value(life, tell, usdc, weth):
    told = tell(life.vault).facts

    (brought,) = [it for it in told["movements"] if it["token"] not in listed(life)]
    assert (brought["symbol"], brought["value"]) == (None, None)
    assert brought["amount"] == 5_000_000  # units: its decimals are not asked for
    assert [it["token"] for it in told["positions"]] == [usdc.address, weth.address]


def test_a_liquidation_is_told_as_its_event_told_it(life, tell):
    (told,) = tell(life.vault).facts["liquidations"]

    receipt = life.market.provider.get_receipt(told["transaction"])
    (log,) = receipt.decode_logs(life.vault.Liquidated)
    assert told["symbol"] == "WETH"
    assert told["seized"] == from_base(log.seized, 18)
    assert told["repaid"] == from_base(log.repaid + log.own_repaid, 6) == 1_000
    assert told["insurance"] == from_base(log.insurance, 6) > 0
    assert told["liquidator"] == log.liquidator


# -- Prices ----------------------------------------------------------------------------------------


def test_prices_are_told_with_their_feeds(life, tell, market):
    asset, weth = tell(life.vault).facts["prices"]

    feed, now = market.feeds["WETH"], market.provider.get_block("latest").timestamp
    assert weth == {
        "symbol": "WETH",
        "token": market.tokens["WETH"].address,
        "price": from_base(feed.answer(), 8),
        "is_live": True,
        "source": feed.address,
        "updated_at": feed.updated_at(),
        "age": now - feed.updated_at(),
        "heartbeat": market.oracle.feed_of(market.tokens["WETH"]).heartbeat,
    }
    assert (asset["price"], asset["is_live"]) == (1, True)
    assert {asset[it] for it in ("source", "updated_at", "age", "heartbeat")} == {None}


def test_a_feed_that_died_is_told_with_its_age(life, tell, chain):
    chain.mine(deltatime=3 * DAY)

    told = tell(life.vault).facts
    (weth,) = [it for it in told["prices"] if it["symbol"] == "WETH"]
    assert not weth["is_live"]
    assert weth["age"] > 3 * DAY > weth["heartbeat"]
    assert told["performance"]["valuations_on_dead_prices"] > 0
    assert adds_up(told)


@pytest.mark.parametrize("moment", [2**255, 2**53])
def test_a_feed_that_lies_about_the_time_stops_no_statement(life, tell, market, outsider, moment):
    market.feeds["WETH"].set_times(1, moment, sender=outsider)

    told = tell(life.vault).facts

    (weth,) = [it for it in told["prices"] if it["symbol"] == "WETH"]
    assert not weth["is_live"]
    assert len(hash_of(told)) == 66
    assert as_html(tell(life.vault).statement)


def test_delisted_collateral_without_a_price_hides_no_margin(
    life, tell, market, engine, neighbour, feed_keeper, with_notice, risk_admin
):
    dai = market.tokens["DAI"]
    steps.put(life.other, dai, WETH, neighbour)
    market.feeds["DAI"].set_quirks(REVERTS, sender=feed_keeper)
    before = tell(life.other).facts["margin"]

    with_notice(engine, "delist_token", dai, sender=risk_admin)
    told = tell(life.other)

    assert before["state"] == SILENT
    assert told.facts["margin"]["state"] == OWED
    margin = engine.margin_of(life.other, block_id=told.closing)
    assert told.facts["margin"]["health"] == from_wad(margin.health)


# -- What is not as it should be -------------------------------------------------------------------


def test_amounts_of_any_size_add_up(life, tell, dai, owner):
    """More digits than a Decimal keeps unless told."""
    for amount in (10**33 + 1, 10**18 + 7):
        steps.put(life.vault, dai, amount, owner)

    told = tell(life.vault).facts

    assert adds_up(told)
    (position,) = [it for it in told["positions"] if it["symbol"] == "DAI"]
    assert position["closing"] == from_base(10**33 + 10**18 + 8, 18)


def test_a_token_that_changes_balances_by_itself_is_no_match(life, tell, weth, outsider):
    held = weth.balanceOf(life.vault)
    weth.rebase(life.vault, held - 1, sender=outsider)

    told = tell(life.vault).facts

    assert not adds_up(told)
    wrong = [it["of"] for it in told["checks"] if not (it["adds_up"] and it["chain_agrees"])]
    assert wrong == ["WETH"]


def test_a_token_that_hides_balances_is_no_match(life, tell, weth, outsider):
    weth.set_quirks(HIDES_BALANCES, sender=outsider)

    told = tell(life.vault).facts

    assert not adds_up(told)
    (position,) = [it for it in told["positions"] if it["symbol"] == "WETH"]
    assert position["on_chain"] is None
