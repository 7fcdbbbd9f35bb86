"""One row per address, whatever it is, and no vault that makes the others fail."""

from dataclasses import replace
from decimal import Decimal

import ape
import pytest

from ringfence.config import Feed
from ringfence.deployment import deploy_market
from tests.steps import MAX, USDC, WAD, WETH, ZERO, lend, put
from tests.unit.lens.conftest import NOT_A_VAULT, OK, PRICE_DEAD, UNREADABLE

pytestmark = pytest.mark.short

DAI = 10**18
FEED_REVERTS, FEED_BURNS_GAS, FEED_ANSWERS_SHORT = 1, 2, 4
HIDES_BALANCES, BURNS_GAS, LIES_ABOUT_BALANCES = 8, 16, 32
NOTHING = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ZERO)


def test_tells_the_margin_of_each_vault(
    chain, project, engine, lens, indebted, second_indebted, deployer
):
    actor = deployer.deploy(project.MockActor)
    vaults = [indebted, second_indebted]

    receipt = actor.run(
        [
            (lens, lens.margins_of.encode_input([indebted])),
            (engine, engine.margin_of.encode_input(indebted)),
        ],
        sender=deployer,
    )

    # A contract hears 512 bytes: the row ends with the eleven words of the margin.
    row, margin = (log.response for log in receipt.decode_logs(actor.Acted))
    assert row[5 * 32 :] == margin[: 512 - 5 * 32]
    assert [row.vault for row in lens.margins_of(vaults)] == vaults


def test_says_ok(lens, indebted):
    (row,) = lens.margins_of([indebted])

    assert (row.vault, row.status, row.dead_token) == (indebted, OK, ZERO)
    assert row.margin.collateral_value == 19_384 * WAD
    assert row.margin.debt_value == row.margin.debt * 10**12 >= 10_000 * WAD


def test_of_nobody_is_nothing(lens):
    assert lens.margins_of([]) == []


def test_keeps_order_and_repetitions(lens, vault, other_vault):
    asked = [other_vault, vault, other_vault]

    assert [row.vault for row in lens.margins_of(asked)] == asked


def test_of_an_empty_vault_is_ok(lens, vault):
    (row,) = lens.margins_of([vault])

    assert (row.status, row.margin.health) == (OK, MAX)


@pytest.mark.parametrize("stranger", ["account", "zero", "pool", "implementation"])
def test_knows_what_is_no_vault(lens, market, outsider, indebted, stranger):
    strangers = {
        "account": outsider.address,
        "zero": ZERO,
        "pool": market.pool.address,
        "implementation": market.implementation.address,
    }

    first, second = lens.margins_of([strangers[stranger], indebted])

    assert (first.status, first.dead_token) == (NOT_A_VAULT, ZERO)
    assert tuple(first.margin) == NOTHING
    assert second.status == OK


def test_belongs_to_one_engine(lens, engine):
    assert lens.ENGINE() == engine


# -- Dead prices -----------------------------------------------------------------------------------


@pytest.mark.parametrize("quirk", [FEED_REVERTS, FEED_BURNS_GAS, FEED_ANSWERS_SHORT])
def test_names_the_token_whose_feed_fails(market, lens, indebted, weth, feed_keeper, quirk):
    market.feeds["WETH"].set_quirks(quirk, sender=feed_keeper)

    (row,) = lens.margins_of([indebted])

    assert (row.status, row.dead_token) == (PRICE_DEAD, weth)
    assert row.margin.dead_token == weth
    assert row.margin.collateral_value == 100 * 100_000 * WAD


@pytest.mark.parametrize("quirk", [HIDES_BALANCES, BURNS_GAS])
def test_names_the_token_that_does_not_tell(lens, indebted, weth, deployer, quirk):
    weth.set_quirks(quirk, sender=deployer)

    (row,) = lens.margins_of([indebted])

    assert (row.status, row.dead_token) == (PRICE_DEAD, weth)
    assert row.margin.collateral_value == 0


@pytest.mark.parametrize("claimed", [2**128, MAX])
def test_survives_a_liar(lens, indebted, weth, deployer, claimed):
    weth.set_claimed_balance(claimed, sender=deployer)
    weth.set_quirks(LIES_ABOUT_BALANCES, sender=deployer)

    (row,) = lens.margins_of([indebted])

    assert row.status == OK
    assert row.margin.collateral_value == 2**128 - 1


@pytest.mark.parametrize("hostile", ["feed", "token"])
def test_of_one_vault_does_not_make_the_others_fail(
    market, lens, indebted, second_indebted, dai, neighbour, feed_keeper, hostile
):
    put(second_indebted, dai, DAI, neighbour)
    if hostile == "feed":
        market.feeds["DAI"].set_quirks(FEED_BURNS_GAS, sender=feed_keeper)
    else:
        dai.set_quirks(BURNS_GAS, sender=neighbour)

    first, second, third = lens.margins_of([indebted, second_indebted, indebted])

    assert (second.status, second.dead_token) == (PRICE_DEAD, dai)
    assert first.status == third.status == OK
    assert first.margin.collateral_value == third.margin.collateral_value == 19_384 * WAD


@pytest.fixture
def foreign_market(project, deployer, config):
    """A market whose credit asset is not the quote currency: its price is 1.10 by a feed."""
    feed = Feed(Decimal("1.1"), Decimal("0.5"), Decimal("2"), 90_000)
    asset = replace(config.credit_asset, is_quote=False, feed=feed)
    tokens = tuple(token for token in config.tokens if token.symbol == "WETH")
    changed = replace(config, name="foreign", credit_asset=asset, tokens=tokens)
    return deploy_market(project, deployer, changed)


def test_names_a_credit_asset_without_a_price(
    foreign_market, lender, owner, neighbour, feed_keeper
):
    market = foreign_market
    lend(market, lender, 10_000 * USDC)
    owing = market.open_vault(owner, "vault", sender=owner)
    free = market.open_vault(neighbour, "vault", sender=owner)
    put(owing, market.tokens["WETH"], 100 * WETH, owner)
    owing.borrow(2_000 * USDC, owner, sender=owner)
    market.feeds["USDC"].set_quirks(FEED_REVERTS, sender=feed_keeper)

    first, second = market.lens.margins_of([owing, free])

    assert (first.status, first.dead_token) == (PRICE_DEAD, market.asset)
    assert tuple(first.margin) == NOTHING
    assert second.status == OK


# -- Size ------------------------------------------------------------------------------------------


def test_takes_500_strangers(lens, outsider):
    rows = lens.margins_of([outsider] * 500)

    assert len(rows) == 500
    assert {row.status for row in rows} == {NOT_A_VAULT}


def test_refuses_501(lens, outsider):
    with ape.reverts():
        lens.margins_of([outsider] * 501)


# -- Gas -------------------------------------------------------------------------------------------


@pytest.fixture
def margins_with(chain, lens, owner):
    """The rows that a call with so much gas returns; None if it fails."""

    def ask(vaults, gas):
        call = {"from": owner.address, "to": lens.address, "gas": gas}
        call["data"] = lens.margins_of.encode_input(vaults)
        try:
            told = chain.provider.web3.eth.call(call)
        except Exception:  # each chain and library has a class of its own
            return None
        ecosystem = chain.provider.network.ecosystem
        return ecosystem.decode_returndata(lens.margins_of.abis[0], told)[0]

    return ask


@pytest.fixture
def portfolio(market, lent, usdc, weth, wbtc, dai, owner):
    """Eight vaults with four tokens and a debt each."""
    vaults = [market.open_vault(owner, f"vault {i}", sender=owner) for i in range(8)]
    for vault in vaults:
        for token, amount in ((weth, 100 * WETH), (usdc, 1), (wbtc, 1), (dai, 1)):
            put(vault, token, amount, owner)
        vault.borrow(2_000 * USDC, owner, sender=owner)
    return vaults


def test_costs_about_61_000_gas_a_vault_with_four_tokens(margins_with, portfolio):
    # The first costs 292,000, since all that is read for the others too is cold; 8,000 a row are
    # kept for the return.
    rows = margins_with(portfolio, 21_000 + 300_000 + 7 * 64_000 + 8 * 8_000)

    assert [row.status for row in rows] == [OK] * 8


def test_500_vaults_fit_into_50_million_gas(chain, margins_with, portfolio):
    if chain.provider.name == "test":
        pytest.skip("a call has no more gas than a block on this chain")

    # eight vaults again and again; what a vault of its own costs is told by the test above
    rows = margins_with((portfolio * 63)[:500], 50_000_000)

    assert [row.status for row in rows] == [OK] * 500


def test_says_when_the_gas_was_too_little(margins_with, portfolio):
    told = [margins_with(portfolio[:1], gas) for gas in range(200_000, 400_000, 10_000)]

    rows = [rows[0] for rows in told if rows]
    assert {row.status for row in rows} == {UNREADABLE, OK}
    assert {row.dead_token for row in rows} == {ZERO}
    assert all(tuple(row.margin) == NOTHING for row in rows if row.status == UNREADABLE)


@pytest.mark.parametrize("gas", [2_500_000, 10_000_000, 25_000_000])
def test_what_one_row_burns_does_not_fail_the_others(
    market, margins_with, portfolio, feed_keeper, gas
):
    for symbol in ("WETH", "WBTC", "DAI"):
        market.feeds[symbol].set_quirks(FEED_BURNS_GAS, sender=feed_keeper)

    rows = margins_with((portfolio * 11)[:83], gas)

    assert [row.vault for row in rows] == [it.address for it in (portfolio * 11)[:83]]
    assert {row.status for row in rows} == {PRICE_DEAD, UNREADABLE}


@pytest.mark.slow
def test_survives_16_feeds_that_burn_gas(
    project, market, engine, lens, vault, indebted, owner, risk_admin, feed_keeper
):
    feed = feed_keeper.deploy(project.MockFeed, 8, 10**8)
    for number in range(16):
        token = feed_keeper.deploy(project.MockToken, "", f"T{number}", 18)
        market.oracle.set_feed(token, feed, 86_400, 1, 10**10, sender=risk_admin)
        engine.list_token(token, WAD // 2, WAD // 2, MAX, sender=risk_admin)
        if number < 15:
            put(vault, token, WAD, owner)
    feed.set_quirks(FEED_BURNS_GAS, sender=feed_keeper)

    (row,) = lens.margins_of([vault])

    assert row.status == PRICE_DEAD
    assert row.margin.collateral_value == (15 * 100 + 19_384) * WAD
