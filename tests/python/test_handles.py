"""Handles take and give whole tokens, and tell refusals in words."""

from decimal import Decimal
from unittest.mock import patch

import pytest
from web3.exceptions import Web3Exception

from ringfence import preview
from ringfence.deployment import create_address
from ringfence.exceptions import AmountError, NotLiquidatable, RingfenceError
from ringfence.lens import ask
from ringfence.market import Market, label_bytes, label_text
from ringfence.pool import Pool
from ringfence.reading import BlockReader
from ringfence.registry import find_vault, margins, openings
from ringfence.units import to_base
from ringfence.vault import Vault
from tests import chain_shims, steps
from tests.crowd import Crowd
from tests.steps import DAY, MAX, USDC, WAD, WETH

UNIT = Decimal("0.000001")


@pytest.fixture
def shopper(handle, owner, weth, usdc, lent):
    """A vault whose owner has 100 WETH, and lets nobody take it yet."""
    weth.mint(owner, 100 * WETH, sender=owner)
    return handle


def test_life_of_a_vault(shopper, owner, usdc, weth, wait):
    usdc.mint(owner, 1_000 * USDC, sender=owner)

    assert shopper.deposit("WETH", Decimal(100), owner) == 100
    assert shopper.borrow(Decimal("12000.5"), owner) - Decimal("12000.5") <= UNIT
    assert shopper.withdraw("weth", Decimal("0.25"), owner) == Decimal("0.25")
    wait(30 * DAY)
    assert shopper.repay(Decimal(2_000), owner) == 2_000
    assert shopper.repay(None, owner) > 10_000
    assert shopper.withdraw("WETH", None, owner) == Decimal("99.75")
    assert (shopper.debt(), shopper.balance("WETH"), shopper.collaterals()) == (0, 0, ())
    assert weth.allowance(owner, shopper.contract) == 0


def test_margin_in_decimals(shopper, owner):
    shopper.deposit("WETH", Decimal(100), owner)
    without_debt = shopper.margin
    shopper.borrow(Decimal(10_000), owner)
    margin = shopper.margin

    assert without_debt.health is None
    assert margin.collateral_value == 19_384
    assert margin.equity == margin.collateral_value - margin.debt_value
    assert margin.excess_liquidity == margin.equity - margin.maintenance_margin
    assert margin.available_funds == margin.equity - margin.initial_margin
    assert 0 <= Decimal(16_476_400) / 10_000_000 - margin.health < Decimal("0.0001")


def test_enable_and_disable(shopper, owner, outsider, weth):
    steps.put(shopper.contract, weth, WETH, outsider)
    shopper.enable("WETH", owner)
    enabled = shopper.collaterals()
    shopper.disable("WETH", owner)

    assert enabled == ("WETH",)
    assert shopper.collaterals() == ()


def test_repay_from_the_vault(shopper, owner):
    shopper.deposit("WETH", Decimal(100), owner)
    shopper.borrow(Decimal(5_000), owner, receiver=shopper.contract)

    assert shopper.repay_from_vault(Decimal(1_000), owner) == 1_000
    assert shopper.repay_from_vault(None, owner) >= 3_000


def test_liquidation_is_as_quoted_and_as_previewed(
    shopper, owner, liquidator, usdc, set_price, engine, pool
):
    shopper.deposit("WETH", Decimal(100), owner)
    shopper.borrow(Decimal(14_000), owner)
    usdc.mint(liquidator, 50_000 * USDC, sender=liquidator)
    set_price("WETH", 155)
    before = shopper.snapshot()
    quote = shopper.quote_liquidation("WETH")

    done = shopper.liquidate("WETH", liquidator, shopper.bounds(shopper.quote("WETH")))

    assert abs(done.repaid - quote.repaid) < UNIT * 100
    assert (done.covered, done.lost) == (0, 0)
    after = preview.after_liquidation(
        before, "WETH", to_base(done.repaid, 6), to_base(done.seized, 18), 0
    )
    expected, found = preview.margin_of(after).health, engine.margin_of(shopper.contract).health
    assert abs(expected - found) < WAD // 10**6


def test_small_debt_is_closed_though_it_grows(shopper, owner, liquidator, usdc, set_price, chain):
    shopper.deposit("WETH", Decimal(10), owner)
    shopper.borrow(Decimal(1_000), owner)
    usdc.mint(liquidator, 50_000 * USDC, sender=liquidator)
    set_price("WETH", 117)
    bounds = shopper.bounds(shopper.quote("WETH"), slippage=Decimal(0))

    chain.mine(deltatime=300)
    shopper.liquidate("WETH", liquidator, bounds)

    assert shopper.debt() == 0


def test_liquidation_beyond_its_bounds_is_refused(shopper, owner, liquidator, usdc, set_price):
    shopper.deposit("WETH", Decimal(100), owner)
    shopper.borrow(Decimal(14_000), owner)
    usdc.mint(liquidator, 50_000 * USDC, sender=liquidator)
    set_price("WETH", 155)
    bounds = shopper.bounds(shopper.quote("WETH"))
    set_price("WETH", 160)

    with pytest.raises(NotLiquidatable, match="vault: seizes too little: the price has moved"):
        shopper.liquidate("WETH", liquidator, bounds)

    assert usdc.balanceOf(liquidator) == 50_000 * USDC


def test_loss_is_realised(shopper, owner, weth, outsider):
    shopper.deposit("WETH", Decimal(100), owner)
    shopper.borrow(Decimal(14_000), owner)
    with pytest.raises(NotLiquidatable, match="engine: vault is healthy"):
        shopper.realise_loss(outsider)
    weth.rebase(shopper.contract, 0, sender=owner)

    done = shopper.realise_loss(outsider)

    assert (done.repaid, done.seized, done.covered) == (0, 0, 0)
    assert done.lost >= 14_000


def test_amounts_that_do_not_fit_are_refused(shopper, owner):
    with pytest.raises(AmountError, match="the market knows no XYZ"):
        shopper.deposit("XYZ", Decimal(1), owner)
    with pytest.raises(RingfenceError, match=r"0\.0000001 is finer than 6 decimal places"):
        shopper.borrow(Decimal("0.0000001"), owner)


def test_pool(market, lender, usdc):
    pool = Pool(market)
    usdc.mint(lender, 1_000 * USDC, sender=lender)

    shares = pool.deposit(Decimal(1_000), lender)

    assert shares == pool.shares_of(lender) == 1_000
    assert pool.worth_of(lender) == pool.largest_withdrawal(lender) == 1_000
    assert pool.summary().cash == pool.summary().total_assets == 1_000
    assert pool.withdraw(Decimal(400), lender) == 400
    assert pool.withdraw(None, lender) == 600


def test_lending_rate_is_what_lenders_get(shopper, market, owner, wait):
    shopper.deposit("WETH", Decimal(100), owner)
    shopper.borrow(Decimal(14_000), owner)
    pool = Pool(market)
    before = pool.summary()
    wait(30 * DAY)
    earned = pool.worth_of(market.manifest.deployer) + pool.summary().total_assets
    lenders = earned - pool.summary().insurance - before.total_assets
    treasury = pool.worth_of(market.pool.TREASURY())

    expected = before.lending_rate * before.total_assets * 30 / 365
    assert abs((lenders - treasury) / expected - 1) < Decimal("0.01")


def test_vaults_are_found(market, handle, owner, house, neighbour):
    second = Vault.open(market, owner, "second", neighbour)
    home = Vault.open_house(market, "second", house)

    found = openings(market)
    count = market.factory.vault_count()
    assert [it.id for it in found] == list(range(1, count + 1))
    assert [(it.label, it.fund_class) for it in found[-2:]] == [
        ("second", "client"),
        ("second", "house"),
    ]
    assert [it.vault for it in openings(market, "second")] == [second.address, home.address]
    assert find_vault(market, "second", {owner.address}).address == second.address
    assert find_vault(market, "second", {house.address}).address == home.address
    assert (second.owner, second.fund_class, home.fund_class) == (owner, "client", "house")
    assert second.has_label("second")
    assert not home.has_label("second")


def test_lens_answers_for_everybody(market, handle, other_vault):
    rows = margins(market, [handle.address, market.pool.address, other_vault.address])

    assert [row.status for row in rows] == ["ok", "not a vault", "ok"]


def test_the_lens_says_what_the_engine_says(market, indebted, other_vault, engine):
    with_debt, without = margins(market, [indebted.address, other_vault.address])

    told = engine.margin_of(indebted)
    assert (with_debt.health, with_debt.debt * USDC) == (told.health, told.debt)
    assert (without.health, without.debt) == (MAX, 0)


@pytest.fixture
def stingy():
    """A reader of a node that answers for two vaults at most."""
    asked = []

    class Stingy(BlockReader):
        def raw(self, to, data):
            asked.append((len(data) - 68) // 32)
            if asked[-1] > 2:
                raise Web3Exception("out of gas")
            return super().raw(to, data)

    return Stingy, asked


def test_asks_in_halves_when_a_node_gives_too_little_gas(market, handle, other_vault, stingy):
    reader, asked = stingy
    vaults = [handle.address, other_vault.address, market.pool.address] * 3

    rows = ask(reader.at(market.provider), market.lens, vaults)

    assert rows == ask(BlockReader.at(market.provider), market.lens, vaults)
    assert [row.vault for row in rows] == vaults
    assert asked[0] == 9


def test_does_not_ask_for_one_vault_twice(market, handle):
    class Dead(BlockReader):
        def raw(self, to, data):
            raise Web3Exception("gone")

    with pytest.raises(Web3Exception):
        ask(Dead.at(market.provider), market.lens, [handle.address])


def test_a_vault_that_had_too_little_gas_is_asked_alone(market, handle, other_vault):
    class Poor(BlockReader):
        def raw(self, to, data):
            answer = bytearray(super().raw(to, data))
            if len(data) > 100:  # more than one vault: the second is unreadable
                answer[64 + 14 * 32 + 63] = 3
            return bytes(answer)

    rows = ask(Poor.at(market.provider), market.lens, [handle.address, other_vault.address])

    assert [row.status for row in rows] == [0, 0]


def test_token_listed_later_is_known(market, deployer, risk_admin, project, shopper, owner):
    token = deployer.deploy(project.MockToken, "Mock LATE", "LATE", 18)
    feed = deployer.deploy(project.MockFeed, 8, 5 * 10**8)
    market.oracle.set_feed(token, feed, DAY, 10**8, 10**10, sender=risk_admin)
    market.engine.list_token(token, WAD // 2, WAD // 2, 10**24, sender=risk_admin)
    token.mint(owner, WETH, sender=owner)

    assert shopper.deposit("late", Decimal(1), owner) == 1
    assert shopper.collaterals() == ("LATE",)
    assert shopper.snapshot().holding("LATE").balance == WETH


def test_a_token_whose_listing_was_undone_is_forgotten(market, chain, risk_admin, deployer, owner):
    """The node took another chain, and that one lists another token in its place."""

    def listing(keeper, symbol):
        token = keeper.deploy(market.project.MockToken, symbol, symbol, 18)
        feed = keeper.deploy(market.project.MockFeed, 8, 5 * 10**8)
        market.oracle.set_feed(token, feed, DAY, 10**8, 10**10, sender=risk_admin)
        market.engine.list_token(token, WAD // 2, WAD // 2, 10**24, sender=risk_admin)
        (*_, last) = market.first_listed(market.engine.token_count())
        return token, last

    with chain_shims.undone(chain):
        gone, last = listing(deployer, "GONE")
        assert last.address == gone.address
    assert chain.contracts.get(gone.address) is None  # nor does Ape know it

    other, last = listing(owner, "OTHER")
    assert other.address != gone.address
    assert (last.address, last.symbol()) == (other.address, "OTHER")


def test_the_asset_goes_by_the_name_of_the_record(market, project):
    """Tokens have been renamed; what was told of them stays as it was."""
    with patch("ringfence.market._symbol", side_effect=AssertionError("it was asked")):
        assert Market.from_manifest(project, market.manifest).asset_symbol == "USDC"


def test_a_token_without_a_name_goes_by_its_address(
    market, project, deployer, house, risk_admin, handle
):
    """It answers a number where others answer a text."""
    crowd = Crowd(project, market, deployer, house, risk_admin)
    (token,) = crowd.create(1)
    crowd.list_tokens([token])

    assert market.symbol_of(token) == token
    assert handle.snapshot().holding(token).balance == 18


def test_a_token_whose_name_is_no_text_goes_by_its_address(market, deployer):
    """It answers a text of one byte, which is none of UTF-8."""
    answer = "6020600052600160205260ff60f81b60405260606000f3"
    creation = bytes.fromhex(f"76{answer}60005260176009f3")
    token = create_address(deployer.address, deployer.nonce)
    deployer.call(market.provider.network.ecosystem.create_transaction(data=creation))

    assert market.provider.get_code(token) == bytes.fromhex(answer)
    assert market.symbol_of(token) == token


@pytest.mark.parametrize("label", ["", "x" * 33, "é" * 17])
def test_labels_that_do_not_fit(label):
    with pytest.raises(RingfenceError, match="must have 1 to 32 bytes"):
        label_bytes(label)


def test_labels_round_trip():
    assert label_text(label_bytes("Zoë's first")) == "Zoë's first"
