"""What a person types does what it shows, or says in one line why not."""

import re
from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

import pytest
from click import ClickException
from eth_utils import to_checksum_address

from ringfence.cli.desk import plainly
from tests import steps
from tests.python.commands import Shell
from tests.steps import DAY, USDC, WAD, WETH, ZERO

SOMEWHERE = "0x" + 20 * "1b"
HOUSE, GUARDIAN, OFFICER, OWNER, NEIGHBOUR, LENDER, LIQUIDATOR = 1, 3, 4, 6, 7, 8, 9


@pytest.fixture(scope="module")
def folder(tmp_path_factory, market):
    folder = tmp_path_factory.mktemp("deployments")
    market.manifest.write(folder)
    return folder


@pytest.fixture(scope="module")
def shell(folder):
    return Shell(folder)


@pytest.fixture(scope="module")
def lending(undone_module, market, lender):
    """A pool with a million to lend."""
    steps.lend(market, lender, 1_000_000 * USDC)


@pytest.fixture(scope="module")
def alpha(market, owner, weth, lending):
    """An empty vault called alpha; its owner has 100 WETH to deposit."""
    weth.mint(owner, 100 * WETH, sender=owner)
    return market.open_vault(owner, "alpha", sender=owner)


@pytest.fixture(scope="module")
def beta(market, owner, weth, alpha):
    """A vault called beta, with 100 WETH in it and a debt of 14,000."""
    vault = market.open_vault(owner, "beta", sender=owner)
    steps.put(vault, weth, 100 * WETH, owner)
    vault.borrow(14_000 * USDC, owner, sender=owner)
    return vault


@pytest.fixture(scope="module", autouse=True)
def stage(beta):
    """Everything that stands before the first command, so that each test starts from it."""


# -- Vaults ----------------------------------------------------------------------------------------


def test_open(shell, market, owner):
    outcome = shell("vault open gamma", OWNER)

    vault = market.vault_of(owner, "gamma")
    assert market.factory.vault_id(vault) == market.factory.vault_count()
    assert f"vault {vault.address} is open" in outcome.text


def test_open_for_somebody_else(shell, market, neighbour):
    shell(f"vault open alpha --owner {neighbour.address}", OWNER)

    assert market.vault_of(neighbour, "alpha").owner() == neighbour


def test_open_house_vault(shell, market):
    label = b"alpha".ljust(32, b"\0")

    assert shell("vault open alpha --house", HOUSE).code == 0
    assert market.factory.vault_id(market.factory.house_vault_of(label)) > 0
    assert shell("vault open beta --house", OWNER).error.startswith("ownership: not the owner: ")
    assert shell("vault open beta", HOUSE).error.startswith("factory: open a house vault: ")


def test_open_twice(shell):
    outcome = shell("vault open alpha", OWNER)

    assert outcome.code == 1
    assert outcome.error.startswith("factory: vault exists: the owner has a vault of this label")


def test_show(shell):
    outcome = shell("vault show beta")

    assert outcome.code == 0
    assert "collateral  19,384.00 USD" in outcome.text
    assert "debt        14,000" in outcome.text
    assert "health      1.176" in outcome.text
    assert "100 WETH, at 193.84 USD, liquidation at 164.70" in outcome.text


def test_show_all(shell, market):
    lines = shell("vault show").text.splitlines()

    assert lines[0] == f"market demo, vaults: {market.factory.vault_count()}"
    assert "alpha  client  debt 0 USDC  health no debt" in lines[-2]
    assert "beta  client  debt 14,000" in lines[-1]


def test_vault_by_address(shell, alpha):
    outcome = shell(f"vault show {alpha.address.lower()}")

    assert outcome.text.startswith(f"vault       {alpha.address}")


def test_label_of_two_owners(shell, market, neighbour):
    market.open_vault(neighbour, "alpha", sender=neighbour)

    assert 'several vaults are called "alpha", give an address' in shell("vault show alpha").error
    assert shell("vault deposit alpha 1 WETH", OWNER).code == 0


def test_label_leads_nobody_into_the_vault_of_another(shell, market, alpha, owner, neighbour, weth):
    weth.mint(neighbour, WETH, sender=neighbour)

    error = shell("vault deposit alpha 1 WETH", NEIGHBOUR).error

    assert error == (
        f'{neighbour.address} owns no vault "alpha"; give the address of the one that is meant:'
        f" alpha of {owner.address} at {alpha.address}"
    )
    assert shell(f"vault deposit {alpha.address} 1 WETH", NEIGHBOUR).code == 0


def test_label_is_its_present_owner_s(shell, market, alpha, owner, neighbour, usdc):
    alpha.transfer_ownership(neighbour, sender=owner)
    alpha.accept_ownership(sender=neighbour)

    assert f"alpha of {neighbour.address} at" in shell("vault deposit alpha 1 WETH", OWNER).error
    assert "no WETH to send" in shell("vault deposit alpha 1 WETH", NEIGHBOUR).error


def test_many_vaults_of_one_label_do_not_flood_the_screen(shell, market, neighbour, accounts):
    for account in accounts[10:16]:
        market.open_vault(account, "flood", sender=neighbour)

    error = shell("vault show flood").error

    assert error.count(" at 0x") == 5
    assert error.endswith("; and 1 more")


def test_label_of_nothing(shell):
    error = shell(["vault", "open", ""], OWNER).error

    assert error == 'label "" must have 1 to 32 bytes; choose another'


def test_error_without_words_is_named_by_its_kind():
    with pytest.raises(ClickException, match="^BrokenPipeError$"), plainly():
        raise BrokenPipeError


def test_label_cannot_steer_the_terminal(shell, market, neighbour):
    market.open_vault(neighbour, "\x1b[2Jgone", sender=neighbour)

    assert "\\x1b[2Jgone  client" in shell("vault show").text


@pytest.mark.parametrize(
    ("line", "account", "first"),
    [
        ("vault deposit alpha 10 WETH", OWNER, "deposit 10 WETH into {alpha}"),
        ("vault withdraw beta 1 WETH", OWNER, "withdraw 1 WETH from {beta}, to {owner}"),
        (f"vault withdraw beta 1 WETH --to {SOMEWHERE}", OWNER, "{beta}, to {somewhere}"),
        ("vault borrow beta 9 USDC", OWNER, "borrow 9 USDC for {beta}, to {owner}"),
        ("vault borrow beta 9 --to-vault", OWNER, "USDC for {beta}, to the vault itself"),
        (f"vault borrow beta 9 --to {SOMEWHERE}", OWNER, "{beta}, to {somewhere}"),
        ("vault repay beta 9", OWNER, "repay 9 USDC for {beta}"),
        ("vault disable beta USDC", OWNER, "disable USDC in {beta}"),
        ("vault enable beta WBTC", OWNER, "enable WBTC in {beta}"),
        ("liquidate beta", LIQUIDATOR, "liquidate {beta}"),
    ],
)
def test_first_line_names_vault_owner_and_receiver(
    shell, alpha, beta, owner, usdc, liquidator, set_price, line, account, first
):
    steps.put(beta, usdc, USDC, owner)
    usdc.mint(liquidator, 100_000 * USDC, sender=liquidator)
    if account == LIQUIDATOR:
        set_price("WETH", 150)
    places = {
        "alpha": f"alpha, {alpha.address} of {owner.address}",
        "beta": f"beta, {beta.address} of {owner.address}",
        "owner": owner.address,
        "somewhere": to_checksum_address(SOMEWHERE),
    }

    told = shell(line, account, answer="n\n").text.splitlines()[0]

    assert told.endswith(first.format(**places))


def test_no_such_vault(shell, market):
    assert 'has no vault "nowhere"' in shell("vault show nowhere").error
    assert "is no vault of market demo" in shell(f"vault show {market.pool.address}").error


# -- Collateral ------------------------------------------------------------------------------------


def test_deposit(shell, alpha, weth):
    outcome = shell("vault deposit alpha 10 WETH", OWNER)

    assert weth.balanceOf(alpha) == 10 * WETH
    assert "available  0.00 USD → 1,550.72 USD" in outcome.text
    assert outcome.text.splitlines()[-1] == "done: debt 0 USDC, health no debt"


def test_deposit_all_and_take_all_back(shell, alpha, weth, owner):
    shell("vault deposit alpha max weth -y", OWNER, answer=None)
    deposited = weth.balanceOf(alpha)
    shell("vault withdraw alpha max WETH", OWNER)

    assert deposited == 100 * WETH
    assert weth.balanceOf(owner) == 100 * WETH
    assert weth.allowance(owner, alpha) == 0


def test_deposit_by_somebody_else(shell, alpha, weth, neighbour):
    weth.mint(neighbour, WETH, sender=neighbour)

    outcome = shell(f"vault deposit {alpha.address} 1 WETH", NEIGHBOUR)

    assert "does not count as collateral until the owner enables it" in outcome.text


def test_deposit_of_more_than_there_is(shell):
    outcome = shell("vault deposit alpha 101 WETH", OWNER)

    assert outcome.code == 1
    assert outcome.error == "there is only 100 WETH to send; give at most that"
    assert shell("vault deposit alpha 1 WBTC", OWNER).error == "there is no WBTC to send"


def test_no_is_no(shell, alpha, weth):
    outcome = shell("vault deposit alpha 10 WETH", OWNER, answer="n\n")

    assert outcome.code == 1
    assert weth.balanceOf(alpha) == 0


def test_withdraw(shell, beta, weth, neighbour):
    outcome = shell(f"vault withdraw beta 1 WETH --to {neighbour.address}", OWNER)

    assert weth.balanceOf(neighbour) == WETH
    assert "health  1.1768 → 1.1651" in outcome.text
    assert "liquidation price of WETH, USD  164.705 → 166.369" in outcome.text


def test_withdraw_max_leaves_what_the_debt_needs(shell, beta, weth, engine):
    outcome = shell("vault withdraw beta max WETH", OWNER)

    assert outcome.code == 0
    assert 0 <= engine.margin_of(beta).available_funds < WAD
    assert 90 * WETH < weth.balanceOf(beta) < 91 * WETH


def test_withdraw_too_much_names_the_most_that_passes(shell):
    outcome = shell("vault withdraw beta 50 WETH", OWNER)

    assert outcome.code == 1
    assert outcome.error.startswith("vault: not enough margin: take less, repay debt or deposit")
    assert outcome.error.endswith(" WETH passes now")
    most = outcome.error.split("at most ")[1].split()[0]
    assert most.startswith("9.719")
    assert shell(f"vault withdraw beta {most} WETH", OWNER).code == 0


def test_withdraw_what_is_not_there_or_not_mine(shell, beta):
    assert shell("vault withdraw alpha 1 WBTC", OWNER).error == "the vault holds no WBTC"
    assert shell(f"vault withdraw {beta.address} 1 WETH", NEIGHBOUR).error.startswith(
        "vault: not the owner: "
    )


def test_disable_and_enable(shell, alpha, weth):
    shell("vault deposit alpha 10 WETH", OWNER)
    off = shell("vault disable alpha WETH", OWNER)
    on = shell("vault enable alpha weth", OWNER)

    assert "available  1,550.72 USD → 0.00 USD" in off.text
    assert "available  0.00 USD → 1,550.72 USD" in on.text
    assert alpha.collaterals() == [weth]
    assert shell("vault disable beta WETH", OWNER).error.startswith("vault: not enough margin: ")
    assert shell("vault disable alpha DAI", OWNER).error.startswith("vault: token not enabled: ")


def test_withdraw_a_stray_token(shell, project, deployer, alpha, owner):
    stray = deployer.deploy(project.MockToken, "Mock STRAY", "STRAY", 0)
    stray.mint(alpha, 5, sender=deployer)

    outcome = shell(f"vault withdraw alpha 3 {stray.address.lower()}", OWNER)
    shell(f"vault withdraw alpha max {stray.address}", OWNER)

    assert ", not collateral" in outcome.text
    assert stray.balanceOf(owner) == 5
    assert "there is no 0x" in shell(f"vault withdraw alpha 1 {stray.address}", OWNER).error


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"vault withdraw beta 1 WETH --to {ZERO}", "vault: zero receiver: name an account"),
        ("vault withdraw beta 1 WETH --to {beta}", "vault: receiver is the vault: name an"),
        (f"vault borrow beta 1 --to {ZERO}", "vault: zero receiver: name an account"),
        (f"vault open nobody --owner {ZERO}", "factory: zero owner: name the account"),
        ("vault enable beta WETH", "WETH counts as collateral already; there is nothing to"),
        ("vault enable beta DAI", "vault: dead price: wait until the token's price is alive"),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_question(
    shell, beta, market, feed_keeper, line, message
):
    market.feeds["DAI"].set_answer(0, sender=feed_keeper)

    outcome = shell(line.format(beta=beta.address), OWNER, answer=None)

    assert outcome.error.startswith(message)
    assert "Send it?" not in outcome.text


def test_stray_token_stays_under_a_hold(shell, project, deployer, alpha, officer, chain):
    stray = deployer.deploy(project.MockToken, "Mock STRAY", "STRAY", 0)
    stray.mint(alpha, 5, sender=deployer)
    alpha.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)

    outcome = shell(f"vault withdraw alpha 3 {stray.address}", OWNER, answer=None)

    assert outcome.error.startswith("vault: on hold: ")
    assert "Send it?" not in outcome.text


def test_hold(shell, beta, officer, chain):
    beta.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)

    assert shell("vault withdraw beta 1 WETH", OWNER).error.startswith("vault: on hold: ")
    assert shell("vault borrow beta max", OWNER).error.endswith("no amount passes now")
    assert re.search(
        r"on hold +until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC,", shell("vault show beta").text
    )


# -- Debt ------------------------------------------------------------------------------------------


def test_borrow(shell, alpha, usdc, owner):
    shell("vault deposit alpha 100 WETH", OWNER)
    outcome = shell("vault borrow alpha 1,000 USDC", OWNER)

    assert "health  no debt → 16.476" in outcome.text
    assert usdc.balanceOf(owner) == 15_000 * USDC
    assert 1_000 * USDC <= alpha.debt() <= 1_001 * USDC


def test_borrow_max(shell, beta, engine):
    assert shell("vault borrow beta max", OWNER).code == 0
    assert 0 <= engine.margin_of(beta).available_funds < WAD


def test_borrow_to_the_vault_and_repay_from_it(shell, beta, usdc):
    shell("vault borrow beta 1,000 --to-vault", OWNER)
    left = usdc.balanceOf(beta)
    shell("vault repay beta max --from-vault", OWNER)

    assert left == 1_000 * USDC
    assert usdc.balanceOf(beta) == 0


@pytest.mark.parametrize("amount", ["2,000", "2,000,000"])
def test_borrow_too_much(shell, amount):
    outcome = shell(f"vault borrow beta {amount}", OWNER)

    assert outcome.code == 1
    assert outcome.error.startswith("vault: not enough margin: ")
    assert "at most 1,507" in outcome.error


def test_borrow_max_of_nothing_says_why(shell, market, guardian):
    assert shell("vault borrow alpha max", OWNER).error.startswith("vault: not enough margin: ")
    market.pool.pause(1, DAY, sender=guardian)
    assert shell("vault borrow alpha max", OWNER).error.startswith("pool: paused: ")


def test_borrow_less_than_the_smallest_debt(shell):
    shell("vault deposit alpha 100 WETH", OWNER)

    error = shell("vault borrow alpha 10 USDC", OWNER).error

    assert "borrow at least the smallest debt; that is 1,000 USDC; at most 15,507." in error


def test_repay_part(shell, usdc, owner):
    outcome = shell("vault repay beta 4,000", OWNER)

    assert usdc.balanceOf(owner) == 10_000 * USDC
    assert "health  1.1768 → 1.6476" in outcome.text


def test_repay_never_leaves_less_than_the_smallest_debt(shell, beta):
    outcome = shell("vault repay beta 13,500", OWNER)

    assert "repay 13,000" in outcome.text
    assert "cut: 1,000 USDC is the smallest debt" in outcome.text
    assert 1_000 * USDC <= beta.debt() <= 1_001 * USDC


def test_repay_what_only_the_whole_debt_repays(shell, alpha, owner):
    shell("vault deposit alpha 100 WETH", OWNER)
    shell("vault borrow alpha 1,000 USDC", OWNER)
    nonce = owner.nonce

    error = shell("vault repay alpha 500 USDC", OWNER).error

    assert error.startswith("vault: repay more: ")
    assert re.search(r"; all of it, 1,000\.0\d+ USDC, passes now and no part$", error)
    assert owner.nonce == nonce


def test_repay_what_the_wallet_does_not_suffice_for(shell, alpha, usdc, owner, neighbour):
    shell("vault deposit alpha 100 WETH", OWNER)
    shell("vault borrow alpha 1,000 USDC", OWNER)
    usdc.mint(neighbour, 10 * USDC, sender=neighbour)

    error = shell(f"vault repay {alpha.address} max", NEIGHBOUR).error

    assert error.endswith("passes now and no part, and there is only 10 USDC")


def test_repay_too_little_to_count(shell, beta, wait):
    wait(40 * DAY)

    error = shell("vault repay beta 0.000001", OWNER).error

    assert error.endswith("; at least 0.000002 USDC passes now")
    assert shell("vault repay beta 0.000002", OWNER).code == 0


def test_repay_all(shell, beta, usdc, owner):
    usdc.mint(owner, 100 * USDC, sender=owner)

    assert shell("vault repay beta max", OWNER).code == 0
    assert beta.debt() == 0


def test_repay_without_debt_or_money(shell, beta):
    assert shell("vault repay alpha max", OWNER).error == "vault: no debt: the vault owes nothing"
    assert shell(f"vault repay {beta.address} 1", NEIGHBOUR).error == "there is no USDC to send"


# -- Liquidation -----------------------------------------------------------------------------------


@pytest.fixture
def armed(usdc, liquidator):
    """The liquidator has the money it takes."""
    usdc.mint(liquidator, 100_000 * USDC, sender=liquidator)


def test_liquidate(shell, beta, set_price, armed, engine, weth, liquidator):
    set_price("WETH", 155)

    outcome = shell("liquidate beta", LIQUIDATOR)

    assert outcome.code == 0
    assert "health  0.9410 → 1.0" in outcome.text
    assert f"{engine.margin_of(beta).health / WAD:.3f}" == "1.050"
    assert 0 < weth.balanceOf(liquidator) < 100 * WETH


def test_liquidate_at_most(shell, set_price, armed, usdc, liquidator):
    set_price("WETH", 155)

    shell("liquidate beta --token weth --max 100", LIQUIDATOR)

    assert 99_890 * USDC < usdc.balanceOf(liquidator) < 99_900 * USDC


@pytest.mark.parametrize("price", [150, 140])
def test_liquidate_pays_no_more_than_was_confirmed(
    shell, set_price, armed, usdc, liquidator, weth, price
):
    set_price("WETH", 155)
    before = usdc.balanceOf(liquidator)

    with patch("click.confirm", side_effect=lambda *_, **__: set_price("WETH", price)):
        outcome = shell("liquidate beta", LIQUIDATOR)

    (words,) = re.findall(
        r"pay at most ([\d,.]+) USDC in all, seize at least ([\d.]+)", outcome.text
    )
    most, least = (Decimal(word.replace(",", "")) for word in words)
    assert outcome.code == 0
    assert most * 98 / 100 < Decimal(before - usdc.balanceOf(liquidator)) / USDC <= most
    assert least <= Decimal(weth.balanceOf(liquidator)) / WETH < 2 * least


def test_liquidate_with_too_little_money_says_what_it_suffices_for(
    shell, set_price, usdc, liquidator
):
    usdc.mint(liquidator, 5_000 * USDC, sender=liquidator)
    set_price("WETH", 155)

    error = shell("liquidate beta", LIQUIDATOR).error
    enough = error.rpartition("add --max ")[2]

    assert "and there is only 5,000 USDC" in error
    assert 4_900 < float(enough.replace(",", "")) < 5_000
    assert shell(f"liquidate beta --max {enough}", LIQUIDATOR).code == 0


def test_liquidate_takes_a_limit_in_the_credit_asset_only(shell, set_price, armed):
    set_price("WETH", 155)

    words = ["liquidate", "beta", "--max", "100 WETH"]

    assert shell(words, LIQUIDATOR).error == "100 WETH is not an amount of USDC"


def test_liquidate_to_the_end(shell, beta, set_price, armed):
    set_price("WETH", 100)

    outcome = shell("liquidate beta", LIQUIDATOR)

    assert re.search(r"loss  0\S* USDC to the insurance fund, 4,0", outcome.text)
    assert "health  0.6071 → no debt" in outcome.text
    assert beta.debt() == 0


def test_liquidate_what_is_empty(shell, beta, weth, owner):
    weth.rebase(beta, 0, sender=owner)

    outcome = shell("liquidate beta", LIQUIDATOR)

    assert "no collateral above dust is left: write off a debt of 14,000" in outcome.text
    assert re.search(r"the insurance fund bore 0\S* of it, the lenders 14,000", outcome.text)
    assert beta.debt() == 0


def test_liquidate_what_may_not_be(shell, set_price):
    assert shell("liquidate beta", LIQUIDATOR).error.startswith("engine: vault is healthy: ")
    assert shell("liquidate alpha", LIQUIDATOR).error.startswith("vault: no debt: ")
    set_price("WETH", 155)
    assert shell("liquidate beta", LIQUIDATOR).error == "there is no USDC to send"
    assert shell("liquidate beta --token WBTC", LIQUIDATOR).error.startswith(
        "engine: token not enabled: pick a token"
    )


# -- Pool ------------------------------------------------------------------------------------------


def test_pool_show(shell, lender):
    outcome = shell(f"pool show --lender {lender.address}")

    assert "lent           14,000.00 USDC (1.40 %)" in outcome.text
    assert "borrow rate    0.0" in outcome.text
    assert f"{lender.address} has 1,000,000" in outcome.text


def test_lend_and_take_back(shell, market, usdc, lender):
    usdc.mint(lender, 5_000 * USDC, sender=lender)

    assert "lend 5,000 USDC" in shell("pool deposit max", LENDER).text
    assert shell("pool withdraw 6,000 USDC", LENDER).code == 0
    assert usdc.balanceOf(lender) == 6_000 * USDC
    assert shell("pool withdraw max", LENDER).code == 0
    assert market.pool.cash() == 0


def test_lend_too_much(shell, usdc, lender):
    usdc.mint(lender, 60_000_000 * USDC, sender=lender)

    outcome = shell("pool deposit 60,000,000", LENDER)

    assert outcome.code == 1
    assert outcome.error.startswith("pool: supply cap reached: ")
    assert "at most 4" in outcome.error


def test_lend_in_a_pause(shell, market, guardian):
    market.pool.pause(1, DAY, sender=guardian)

    assert shell("pool deposit 1", LENDER).error.startswith("pool: paused: ")
    assert "paused         level 1" in shell("pool show").text


def test_take_back_too_much(shell):
    over = shell("pool withdraw 1,500,000", LENDER).error
    lent_out = shell("pool withdraw 990,000", LENDER).error

    assert over.startswith("share: balance too low: ")
    assert lent_out.startswith("pool: insufficient cash: ")
    assert lent_out.endswith("at most 986,000 USDC passes now")
    stranger = shell("pool withdraw 1", NEIGHBOUR).error
    assert stranger.startswith("share: balance too low: ")
    assert stranger.endswith("no amount passes now")


# -- Prices ----------------------------------------------------------------------------------------


def test_price(shell, market, oracle, weth):
    outcome = shell("price weth 155.5", OWNER)

    assert "price of weth  193.84 → 155.5 USD" in outcome.text
    assert outcome.text.splitlines()[-1] == "done: weth is at 155.5 USD"
    assert tuple(oracle.price_of(weth)) == (155_5 * WAD // 10, True)


def test_price_of_what_has_no_feed(shell, market):
    assert "no feed prices USDC" in shell("price USDC 2", OWNER).error
    assert shell("price WETH cheap", OWNER).code == 2


# -- What is not understood ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("vault deposit alpha ten WETH", '"ten" is not a number'),
        ("vault deposit alpha 10", "Name the token, too: 10 WETH."),
        ("vault deposit alpha", "Missing argument 'AMOUNT...'"),
        (f"vault borrow alpha 10 --to {SOMEWHERE} --to-vault", "exclude each other"),
        (f"vault open alpha --house --owner {SOMEWHERE}", "exclude each other"),
        ("vault withdraw alpha 10 WETH --to there", '"there" is no address'),
        ("vault fly alpha", "No such command 'fly'"),
        ("liquidate beta --slippage lots", '"lots" is not a share; write it like "80 %"'),
        ("liquidate beta --slippage 101%", '"101%" is not from 0 to 100 %'),
    ],
)
def test_usage(shell, line, message):
    outcome = shell(line, OWNER)

    assert outcome.code == 2
    assert message in outcome.text


def test_missing_account(shell):
    outcome = shell("vault deposit alpha 10 WETH")

    assert outcome.code == 2
    assert "Missing option '--account'" in outcome.error


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("vault deposit alpha 10 XYZ", "the market knows no XYZ; it knows USDC, WETH, WBTC, DAI"),
        ("vault borrow alpha 10 WETH", "10 WETH is not an amount of USDC"),
        ("vault borrow alpha 0.0000001", "0.0000001 is finer than 6 decimal places"),
        ("vault show alpha --market other", "other.json is missing; deploy the market first"),
    ],
)
def test_one_line_says_what_is_wrong(shell, line, message):
    outcome = shell(line, None if "show" in line else OWNER)

    assert outcome.code == 1
    assert message in outcome.error


def test_no_market(tmp_path, market):
    outcome = Shell(tmp_path)("vault show")

    assert outcome.code == 1
    assert "deploy one with ringfence deploy CONFIG" in outcome.error


def test_several_markets(shell, market, folder):
    twin = replace(market.manifest, market="twin").write(folder)

    error = shell("vault show").error
    named = shell("vault show --market twin").code
    twin.unlink()

    assert error.endswith("has several markets, add --market: demo, twin")
    assert named == 0


def test_markets_that_do_not_stand_are_left_out(shell, market, folder):
    other_code = replace(market.manifest.part("factory"), code_hash="0x" + 64 * "0")
    parts = tuple(other_code if it.name == "factory" else it for it in market.manifest.contracts)
    stale = replace(market.manifest, market="stale", contracts=parts).write(folder)
    torn = stale.with_name("torn.json")
    torn.write_text("{}")

    chosen = shell("vault show")
    named = shell("vault show --market stale").error
    path = stale.with_name("demo.json")
    kept = path.read_text()
    path.unlink()
    none = shell("vault show").error
    path.write_text(kept)
    stale.unlink()
    torn.unlink()

    assert chosen.text.startswith("market demo, vaults: ")
    assert named.startswith("market stale does not stand on this chain, which may have been")
    assert none.endswith("anew: stale, torn; deploy one again")


def test_help(shell):
    for command in ("vault", "vault deposit", "pool withdraw", "liquidate", "deploy", "price"):
        assert "Usage: cli" in shell(f"{command} --help").text
