"""What an operator is told is what the chain says of all vaults together."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest

from ringfence.dashboard import operator as operators
from ringfence.dashboard.numbers import metrics_of
from ringfence.units import from_base, from_wad
from tests import steps
from tests.steps import DAY, MAX, USDC, WAD

REVERTS = 1  # quirk of a feed
NOTICE, WINDOW = 3 * DAY, 14 * DAY


@pytest.fixture
def margins(life, engine):
    """What the engine says of each vault, at the latest block."""

    def read():
        head = life.market.provider.get_block("latest").number
        return {it.address: engine.margin_of(it, block_id=head) for it in life.vaults}

    return read


# -- What there is ---------------------------------------------------------------------------------


@pytest.fixture
def worths(life, oracle):
    """What each vault holds and owes, by what tokens, feeds and vaults say now. [WAD]"""
    tokens = [
        life.market.asset,
        *(it for it in life.market.tokens.values() if it != life.market.asset),
    ]

    def read():
        head = life.market.provider.get_block("latest").number
        return {
            it.address: (
                sum(value_of(oracle, token, token.balanceOf(it)) for token in tokens),
                it.debt(block_id=head) * 10**12,
            )
            for it in life.vaults
        }

    return read


def value_of(oracle, token, units):
    """Return what units of a token are worth. [WAD]"""
    return units * oracle.price_of(token)[0] // 10 ** token.decimals()


def test_classes_are_the_sums_of_their_vaults(life, look, worths):
    told = {it["class"]: it for it in look().classes}

    of = worths()
    house = of.pop(life.house.address)
    for name, some in (("client", list(of.values())), ("house", [house])):
        assets, owed = (sum(amounts) for amounts in zip(*some, strict=True))
        assert told[name] == {
            "class": name,
            "vaults": len(some),
            "in_debt": sum(debt > 0 for _, debt in some),
            "assets": from_wad(assets),
            "debt": from_wad(owed),
            "equity": from_wad(assets - owed),
            "deficits": 0,
        }


def test_what_one_lacks_another_does_not_make_up_for(life, look, worths, set_price):
    set_price("WETH", 50)

    told = {it["class"]: it for it in look().classes}["client"]

    short = [held - owed for held, owed in worths().values() if held < owed]
    assert len(short) == 1
    assert told["deficits"] == from_wad(-short[0])
    assert told["equity"] > 0


def test_without_a_price_nothing_is_said_of_what_hangs_on_it(life, look, feed_keeper):
    life.market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    told = look()

    client, house = ({it["class"]: it for it in told.classes}[it] for it in ("client", "house"))
    assert client["assets"] is client["equity"] is client["deficits"] is None
    assert client["debt"] > 0
    assert house["equity"] == house["assets"] > 0
    equities = {it["vault"]: it["equity"] for it in told.at_risk}
    assert equities[life.vault.address] is None
    assert equities[life.script.address] > 0
    assert 'ringfence_class_equity{class="house"' in metrics_of(vars(told))
    assert 'ringfence_class_equity{class="client"' not in metrics_of(vars(told))


def test_a_strangers_gift_blanks_no_class(life, look, outsider, feed_keeper):
    """Of a token that counts for nobody, and that nobody prices."""
    before = {it["class"]: it for it in look().classes}
    steps.put(life.other, life.market.tokens["DAI"], 1, outsider)
    life.market.feeds["DAI"].set_quirks(REVERTS, sender=feed_keeper)

    after = {it["class"]: it for it in look().classes}

    assert after["client"]["assets"] == before["client"]["assets"]
    assert after["client"]["deficits"] == before["client"]["deficits"] == 0


def test_holdings_are_the_sums_of_balances(life, look):
    told = {(it["class"], it["symbol"]): it for it in look().holdings}

    market = life.market
    for name, vaults in (("client", life.vaults[:-1]), ("house", [life.house])):
        for symbol in ("USDC", "WETH", "WBTC", "DAI"):
            token = market.token(symbol)
            held = sum(token.balanceOf(it) for it in vaults)
            if held == 0:
                assert (name, symbol) not in told
                continue
            price, _ = market.oracle.price_of(token)
            assert told[name, symbol]["held"] == from_base(held, token.decimals())
            value = from_wad(held * price // 10 ** token.decimals())
            assert told[name, symbol]["value"] == value


def test_the_pool_and_the_fund_are_told(life, look, pool, fund, usdc):
    told = look()

    head = life.market.provider.get_block("latest").number
    assert told.pool["total_assets"] == from_base(pool.totalAssets(block_id=head), 6)
    assert told.pool["total_debt"] == from_base(pool.total_debt(block_id=head), 6)
    shares = pool.convertToAssets(pool.balanceOf(fund), block_id=head)
    assert told.insurance["fund"] == from_base(shares + usdc.balanceOf(fund), 6) > 0
    assert told.block["number"] == head
    assert told.vaults == len(life.vaults) == life.market.factory.vault_count()


# -- How safe it is --------------------------------------------------------------------------------


def test_each_vault_is_counted_where_its_health_is(life, look, margins):
    told = {it["health"]: it["vaults"] for it in look().health}

    assert sum(told.values()) == len(life.vaults)
    expected = dict.fromkeys(told, 0)
    for it in margins().values():
        expected[bin_of(Decimal(it.health) / WAD if it.debt else None)] += 1
    assert told == expected
    assert told["no debt"] == 2


def bin_of(health):
    if health is None:
        return "no debt"
    if health < 1:
        return "below 1"
    if health >= 2:
        return "2 and more"
    bounds = [Decimal(it) for it in ("1", "1.05", "1.2", "1.5", "2")]
    low, high = next(it for it in pairwise(bounds) if it[0] <= health < it[1])
    return f"{low} to {high}"


@pytest.mark.parametrize(
    ("dollars", "name"),
    [(99, "below 1"), (101, "1 to 1.05"), (112, "1.05 to 1.2"), (130, "1.2 to 1.5")],
)
def test_a_vault_moves_with_its_health(life, look, margins, set_price, dollars, name):
    """At 100 % the first vault's health is about 1."""
    health = margins()[life.vault.address].health
    price = 200 * WAD / health * dollars / 100
    set_price("WETH", round(price, 6))

    assert {it["health"]: it["vaults"] for it in look().health}[name] >= 1
    assert bin_of(Decimal(margins()[life.vault.address].health) / WAD) == name


def test_those_nearest_to_liquidation_come_first(life, look, margins, worths, set_price):
    set_price("WETH", 119)

    told = look().at_risk

    of = {vault: it for vault, it in margins().items() if it.debt}
    assert [it["vault"] for it in told] == sorted(of, key=lambda it: of[it].health)
    for it in told:
        margin = of[it["vault"]]
        assert it["health"] == from_wad(margin.health)
        assert it["debt"] == from_base(margin.debt, 6)
        held, owed = worths()[it["vault"]]
        assert it["equity"] == from_wad(held - owed)
        assert it["status"] == "ok"


def test_only_the_riskiest_are_named(life, look, monkeypatch):
    whole = look().at_risk
    monkeypatch.setattr(operators, "RISKIEST", 2)

    assert look().at_risk == whole[:2]
    assert len(whole) == 3


def test_where_a_price_is_dead_nothing_is_said_of_health(life, look, chain):
    chain.mine(deltatime=3 * DAY)

    told = look()

    assert [(it["status"], it["health"], it["fall"]) for it in told.at_risk] == (
        [("price dead", None, None)] * 3
    )
    assert {it["health"]: it["vaults"] for it in told.health} == dict.fromkeys(
        (it["health"] for it in told.health), 0
    ) | {"unknown": 3, "no debt": 2}
    assert told.ladder == []
    assert told.insurance["left_out"] == 3
    dead = {it["symbol"] for it in told.prices if not it["is_live"]}
    assert dead == {"WETH", "WBTC", "DAI"}


def test_the_ladder_rises_to_all_debt(life, look, margins):
    told = look().ladder

    of = [it for it in margins().values() if it.debt]
    falls, owed = zip(*told, strict=True)
    assert list(falls) == sorted(set(falls))
    assert list(owed) == sorted(set(owed))
    assert owed[-1] == from_wad(sum(it.debt_value for it in of))
    for fall, total in told:
        left = 1 - fall  # of the price of all collateral
        below = [it for it in of if Decimal(it.health) / WAD * left <= 1]
        assert total == from_wad(sum(it.debt_value for it in below))


def test_what_can_be_liquidated_now_is_at_the_foot(life, look, set_price):
    set_price("WETH", 50)

    fall, owed = look().ladder[0]
    assert fall == 0
    assert owed > 9_000


@pytest.mark.parametrize("number", range(3))
def test_needs_are_what_vaults_would_lack(life, look, margins, number):
    need = look().insurance["needs"][number]

    assert need["fall"] == (0, Decimal("0.3"), Decimal("0.5"))[number]
    left = (100, 70, 50)[number]
    lacking = [
        max(0, -(-(it.debt_value * 100 - it.collateral_value * left) // 100))
        for it in margins().values()
    ]
    assert need["lacking"] == from_wad(sum(lacking))
    assert (sum(lacking) > 0) == (number == 2)


def test_needs_are_what_falling_prices_make_of_it(life, look, margins, set_price):
    """Half of each price, set on the chain: no vault has collateral that cannot fall."""
    told = look().insurance["needs"][2]["lacking"]
    feeds = {it: life.market.feeds[it].answer() for it in ("WETH", "WBTC")}
    for symbol, answer in feeds.items():
        set_price(symbol, answer / 2 / 10**8)

    fallen = sum(max(0, -it.equity) for it in margins().values())
    assert abs(told - from_wad(fallen)) < Decimal("0.01")  # interest of two seconds


def test_losses_are_told(life, look, pool, set_price, usdc, weth, liquidator, chain):
    told = look().losses
    (log,) = pool.DebtWrittenOff.range(0, chain.blocks.height + 1)
    assert told == {
        "liquidations": 2,
        "liquidations_of_a_day": 0,
        "written_off": from_base(log.assets, 6),
    }

    set_price("WETH", 110)
    steps.give(usdc, liquidator, 2_000 * USDC, life.vault)
    life.vault.liquidate(weth, 1_000 * USDC, 0, liquidator, MAX, b"", sender=liquidator)
    told = look().losses
    assert (told["liquidations"], told["liquidations_of_a_day"]) == (3, 1)
    chain.mine(deltatime=DAY)
    told = look().losses
    assert (told["liquidations"], told["liquidations_of_a_day"]) == (3, 0)


def test_a_pause_and_a_stop_are_told(life, look, pool, guardian):
    assert (look().pool["pause_level"], look().pool["is_stopped"]) == (0, False)

    pool.pause(2, DAY, sender=guardian)

    assert look().pool["pause_level"] == 2


# -- What is to be known ---------------------------------------------------------------------------


def test_a_hold_is_told_to_its_last_second(life, look, officer, chain):
    assert look().holds == []
    until = chain.blocks.head.timestamp + 5 * DAY
    life.other.place_hold(b"court", until, sender=officer)

    expected = [{"vault": life.other.address, "label": "other", "until": until}]
    assert look().holds == expected
    chain.mine(timestamp=until)
    assert look().holds == expected
    chain.mine(timestamp=until + 1)
    assert look().holds == []


def test_a_hold_that_was_released_is_not_told(life, look, officer, chain):
    life.other.place_hold(b"court", chain.blocks.head.timestamp + 5 * DAY, sender=officer)
    life.other.release_hold(sender=officer)

    assert look().holds == []


def test_a_break_is_told_with_its_age(life, look, weth, outsider, chain):
    assert look().breaks == []
    held = weth.balanceOf(life.vault)
    weth.rebase(life.vault, held - 5, sender=outsider)
    moved = look().block["timestamp"]
    chain.mine(deltatime=100)

    (told,) = look().breaks
    age = told.pop("age")
    assert told == {
        "code": "unlogged change",
        "vault": life.vault.address,
        "what": weth.address,
        "books": str(held),
        "chain": str(held - 5),
    }
    assert age > look().block["timestamp"] - moved >= 100


def test_of_many_vaults_breaks_are_not_looked_for(life, look, monkeypatch, weth, outsider):
    weth.rebase(life.vault, 1, sender=outsider)
    monkeypatch.setattr(operators, "RECONCILED", len(life.vaults) - 1)

    assert look().breaks is None
    monkeypatch.setattr(operators, "RECONCILED", len(life.vaults))
    assert len(look().breaks) == 1


@pytest.fixture
def announce(life, engine, weth, risk_admin):
    """Announce another initial LTV of WETH; return what is told of it."""

    def act(ltv=WAD // 2):
        receipt = engine.announce(call_of(engine, weth, ltv), sender=risk_admin)
        return {
            "contract": "engine",
            "function": f"raise_maintenance_ltv(token {weth.address}, ltv {ltv})",
            "ready_at": receipt.timestamp + NOTICE,
            "lapses_at": receipt.timestamp + NOTICE + WINDOW,
            "tx": receipt.txn_hash,
        }

    return act


def call_of(engine, token, ltv):
    return engine.raise_maintenance_ltv.encode_input(token, ltv)


def test_nothing_is_announced_that_was_not(life, look):
    assert look().pending == []


def test_an_announced_change_waits_until_it_lapses(look, announce, chain):
    told = announce()

    assert look().pending == [told]
    chain.mine(timestamp=told["ready_at"] + 1)
    assert look().pending == [told]
    chain.mine(timestamp=told["lapses_at"])
    assert look().pending == [told]
    chain.mine(timestamp=told["lapses_at"] + 1)
    assert look().pending == []


def test_a_change_that_was_withdrawn_is_not_told(look, announce, engine, weth, risk_admin):
    announce()
    engine.cancel(call_of(engine, weth, WAD // 2), sender=risk_admin)

    assert look().pending == []


def test_a_change_that_was_made_is_not_told(look, announce, engine, weth, risk_admin, wait):
    announce(WAD * 9 // 10)
    wait(NOTICE + 1)
    engine.raise_maintenance_ltv(weth, WAD * 9 // 10, sender=risk_admin)

    assert look().pending == []


def test_a_change_that_was_announced_again_is_told_once(look, announce, chain):
    announce()
    chain.mine(deltatime=DAY)
    again = announce()

    assert look().pending == [again]


def test_changes_of_every_contract_are_told_the_latest_first(
    look, announce, oracle, fund, usdc, house, weth, risk_admin
):
    first = announce()
    feed = oracle.feed_of(weth).source
    call = oracle.set_feed.encode_input(weth, feed, 90_000, 1, 10**12)
    oracle.announce(call, sender=risk_admin)
    fund.announce(fund.withdraw.encode_input(usdc, 1, house), sender=house)
    oracle.announce(b"\1\2\3\4", sender=risk_admin)

    told = look().pending
    assert [(it["contract"], it["function"].partition("(")[0]) for it in told] == [
        ("oracle", "0x01020304"),
        ("fund", "withdraw"),
        ("oracle", "set_feed"),
        ("engine", "raise_maintenance_ltv"),
    ]
    assert told[-1] == first


def test_who_governs_is_told(
    life, look, factory, house, risk_admin, guardian, officer, treasury, outsider
):
    expected = {
        "factory owner": house.address,
        "oracle owner": risk_admin.address,
        "risk admin": risk_admin.address,
        "guardian": guardian.address,
        "compliance officer": officer.address,
        "treasury": treasury.address,
    }
    assert look().roles == expected

    factory.transfer_ownership(outsider, sender=house)
    factory.set_guardian(outsider, sender=house)
    assert look().roles == expected | {
        "guardian": outsider.address,
        "factory offered to": outsider.address,
    }


def test_the_last_proof_is_told_with_its_age(look):
    assert look().proof is None

    head = look().block
    proof = {"timestamp": head["timestamp"] - 100, "block": head["number"] - 3, "checks": []}
    assert look(proof).proof == proof | {"age": 100}


# -- Numbers ---------------------------------------------------------------------------------------


def test_numbers_are_the_same_as_on_the_page(life, look, announce, officer, chain):
    announce()
    life.other.place_hold(b"court", chain.blocks.head.timestamp + 5 * DAY, sender=officer)
    told = look()

    lines = re.findall(r"^(ringfence_\w+)(\{.*\}) (\S+)$", metrics_of(vars(told)), re.MULTILINE)
    values = {(name, labels): value for name, labels, value in lines}
    one = '{market="demo"}'
    assert values["ringfence_block_number", one] == str(told.block["number"])
    assert values["ringfence_announced_changes", one] == "1"
    assert values["ringfence_vaults_on_hold", one] == "1"
    assert values["ringfence_breaks", one] == "0"
    assert values["ringfence_liquidations", one] == "2"
    assert values["ringfence_pool_cash", one] == f"{told.pool['cash']:f}"
    (client, _) = told.classes
    labels = '{class="client",market="demo"}'
    for name in ("vaults", "in_debt", "equity", "debt", "deficits"):
        assert values[f"ringfence_class_{name}", labels] == f"{client[name]:f}".removesuffix(
            ".000000"
        )
    bins = [it for (name, _), it in values.items() if name == "ringfence_vaults_by_health"]
    assert sum(map(int, bins)) == len(life.vaults)
    live = [it for (name, _), it in values.items() if name == "ringfence_price_is_live"]
    assert live == ["1"] * 4
