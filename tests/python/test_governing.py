"""Offices, pauses, holds and parameters from the command line."""

import json
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from ringfence.config import MarketConfig
from ringfence.deployment import deploy_market, resolved
from ringfence.governing import changes
from tests import steps
from tests.python.commands import Shell
from tests.steps import DAY, USDC, WAD, ZERO

CONFIG = Path(__file__).parent.parent.parent / "scripts" / "config" / "demo.toml"
SOMEBODY = "0x" + 40 * "1"
HOUSE, RISK_ADMIN, GUARDIAN, OFFICER, OWNER, NEIGHBOUR = 1, 2, 3, 4, 6, 7
# What raises risk or changes a feed, and what lowers risk: old and new text of the configuration.
RAISED = {
    "caps": ("supply_cap = 50_000_000", "supply_cap = 60_000_000"),
    "debt limits": ("max_debt = 5_000_000", "max_debt = 6_000_000"),
    "liquidation terms": ("target_health = 1.05", "target_health = 1.06"),
    "feed of WETH": ("highest = 100_000\n", "highest = 90_000\n"),
    "maintenance LTV of DAI": ('maintenance_ltv = "92 %"', 'maintenance_ltv = "92.5 %"'),
    "initial LTV of WETH": ('initial_ltv = "80 %"', 'initial_ltv = "81 %"'),
    "cap of WBTC": ("cap = 1_000\n", "cap = 1_001\n"),
}
LOWERED = {
    "caps": ("borrow_cap = 40_000_000", "borrow_cap = 30_000_000"),
    "debt limits": ("max_debt = 5_000_000", "max_debt = 4_000_000"),
    "maintenance LTV of WETH": ('maintenance_ltv = "85 %"', 'maintenance_ltv = "82 %"'),
    "initial LTV of WETH": ('initial_ltv = "80 %"', 'initial_ltv = "79 %"'),
    "cap of WBTC": ("cap = 1_000\n", "cap = 999\n"),
    "guardian": ("guardian = 3\n", "guardian = 13\n"),
}


@pytest.fixture(scope="module")
def shell(market, tmp_path_factory):
    folder = tmp_path_factory.mktemp("deployments")
    market.manifest.write(folder)
    return Shell(folder)


@pytest.fixture
def changed(tmp_path):
    """A configuration in which some texts are replaced."""

    def write(pairs):
        text = CONFIG.read_text()
        for old, new in pairs.values():
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "changed.toml"
        path.write_text(text)
        return str(path)

    return write


# -- Parameters ------------------------------------------------------------------------------------


def states(shell, path):
    outcome = shell(["params", "diff", path, "--json"])
    return {it["what"]: it["state"] for it in json.loads(outcome.text)}


def test_nothing_differs_from_what_was_deployed(shell):
    assert shell(["params", "diff", str(CONFIG)]).text == "nothing that can be changed differs\n"


def test_what_raises_risk_is_announced_and_made_after_the_notice(
    shell, changed, chain, market, feed_keeper
):
    path = changed(RAISED)
    assert states(shell, path) == dict.fromkeys(RAISED, "must be announced")

    assert shell(["params", "announce", path], RISK_ADMIN).code == 0
    assert all(it.startswith("may be made from ") for it in states(shell, path).values())
    early = shell(["params", "apply", path], RISK_ADMIN)
    assert early.text.endswith("nothing can be changed now\n")

    chain.mine(deltatime=3 * DAY)
    steps.refresh(market, feed_keeper)
    assert states(shell, path) == dict.fromkeys(RAISED, "may be made now")
    outcome = shell(["params", "apply", path], RISK_ADMIN)

    assert outcome.text.endswith(f"done: {len(RAISED)} of {len(RAISED)} changes made\n")
    assert shell(["params", "diff", path]).text == "nothing that can be changed differs\n"
    assert shell(["deploy", path, "--check"]).text.endswith(" 0 not as configured\n")
    assert market.engine.rules_of(market.tokens["WETH"]).initial_ltv == WAD * 81 // 100


def test_what_lowers_risk_is_made_at_once_each_by_whose_it_is(shell, changed, market, accounts):
    path = changed(LOWERED)
    assert states(shell, path) == dict.fromkeys(LOWERED, "may be made now")

    outcome = shell(["params", "apply", path], RISK_ADMIN)
    assert f"not by {accounts[RISK_ADMIN].address}: change guardian" in outcome.text
    assert shell(["params", "apply", path], HOUSE).code == 0

    assert shell(["params", "diff", path]).text == "nothing that can be changed differs\n"
    assert market.factory.guardian() == accounts[13]


def test_what_lapsed_is_announced_again(shell, changed, chain, market, feed_keeper):
    path = changed({"caps": RAISED["caps"]})
    shell(["params", "announce", path], RISK_ADMIN)
    chain.mine(deltatime=17 * DAY + 10)
    steps.refresh(market, feed_keeper)

    assert states(shell, path) == {"caps": "must be announced"}
    assert "caps may be made from " in shell(["params", "announce", path], RISK_ADMIN).text


def test_the_configuration_of_another_market_is_refused(shell, changed):
    path = changed({"name": ('name = "demo"', 'name = "other"')})

    assert "is of market other, not of demo" in shell(["params", "diff", path]).text


def test_an_office_that_is_left_out_stays(shell, changed, market, deployer, house):
    """It would fall to the deployer if the market were deployed now."""
    path = changed({"guardian": ("guardian = 3\n", "")})

    assert shell(["params", "diff", path]).text == "nothing that can be changed differs\n"


def test_test_accounts_get_no_office_of_a_live_market(shell, changed, project):
    """Everybody knows their keys."""
    path = changed({"guardian": ("guardian = 3\n", "guardian = 13\n")})

    with patch.object(type(project.provider.network), "is_local", False):
        outcome = shell(["params", "apply", path, "--populate", "--from", SOMEBODY])

    assert outcome.code == 1
    assert "roles.guardian = 13: this network is live; write an address" in outcome.text


def test_a_ramp_as_short_as_may_be(shell, changed, market):
    path = changed({"ltv": LOWERED["maintenance LTV of WETH"]})

    assert shell(["params", "apply", path, "--ramp", "3 days"], RISK_ADMIN).code == 0
    assert market.engine.rules_of(market.tokens["WETH"]).target_ltv == WAD * 82 // 100


def test_an_announcement_is_withdrawn(shell, changed):
    path = changed({"caps": RAISED["caps"]})
    shell(["params", "announce", path], RISK_ADMIN)

    outcome = shell(["params", "cancel", path], RISK_ADMIN)

    assert outcome.text.endswith("done: 1 announcements withdrawn\n")
    assert states(shell, path) == {"caps": "must be announced"}
    assert shell(["params", "cancel", path], RISK_ADMIN).text == "nothing is announced\n"
    assert shell(["params", "announce", str(CONFIG)], RISK_ADMIN).text == (
        "nothing is to be announced\n"
    )


def test_a_new_token_is_listed(shell, project, deployer, market, tmp_path, chain, feed_keeper):
    token = deployer.deploy(project.MockToken, "New", "NEW", 18)
    feed = deployer.deploy(project.MockFeed, 8, 10**8)
    dai = CONFIG.read_text().split("[token.DAI]")[1].replace("token.DAI", "token.NEW")
    dai = dai.replace("mock = true\n", f'address = "{token.address}"\n', 1)
    dai = dai.replace("mock = true\n", f'address = "{feed.address}"\n', 1)
    path = tmp_path / "more.toml"
    path.write_text(CONFIG.read_text() + "\n[token.NEW]" + dai)

    # The feed is set first; a market as young as this lists at once what has a live price.
    for _ in range(2):
        shell(["params", "apply", str(path)], RISK_ADMIN)

    assert market.engine.token_at(market.engine.token_count() - 1) == token.address
    assert shell(["deploy", str(path), "--check"]).text.endswith(" 0 not as configured\n")
    assert shell(["params", "diff", str(path)]).text == "nothing that can be changed differs\n"


def test_changes_are_in_an_order_in_which_they_may_be_made(market, config, changed, accounts):
    """An initial LTV never passes the maintenance LTV on the way."""
    path = changed(
        {
            "maintenance": ('maintenance_ltv = "85 %"', 'maintenance_ltv = "88 %"'),
            "initial": ('initial_ltv = "80 %"', 'initial_ltv = "87 %"'),
        }
    )
    up = MarketConfig.load(path)
    roles = resolved(config.roles, accounts[0].address, accounts)

    assert [it.what for it in changes(market, up, roles, 0)] == [
        "maintenance LTV of WETH",
        "initial LTV of WETH",
    ]


# -- Offices ---------------------------------------------------------------------------------------


def test_roles_show(shell, accounts, house, risk_admin):
    facts = json.loads(shell("roles show --json").text)

    assert facts["factory owner"] == house.address
    assert facts["oracle owner"] == facts["risk admin"] == risk_admin.address
    assert facts["treasury"] == accounts[5].address
    assert f"guardian             {accounts[3].address}\n" in shell("roles show").text


def test_an_office_passes_on(shell, market, accounts):
    outcome = shell(f"roles set guardian {accounts[13].address}", HOUSE)

    assert f"guardian  {accounts[GUARDIAN].address} → {accounts[13].address}\n" in outcome.text
    assert market.factory.guardian() == accounts[13]
    assert "ownership: not the owner" in shell(f"roles set guardian {ZERO}", OWNER).error


def test_ownership_passes_on_in_two_steps(shell, market, accounts):
    heir = accounts[13].address
    assert shell(f"roles offer factory {heir}", HOUSE).code == 0
    assert json.loads(shell("roles show --json").text)["factory offered to"] == heir
    assert "ownership: not the candidate" in shell("roles accept factory", OWNER).error

    assert shell("roles accept factory", 13).code == 0

    assert market.factory.owner() == heir
    assert "ownership: not the owner" in shell(f"roles offer factory {heir}", HOUSE).error


# -- Pause and hold --------------------------------------------------------------------------------


def test_a_pause_is_set_and_lowered(shell, pool):
    outcome = shell(["pause", "set", "2", "--for", "2 days"], GUARDIAN)
    assert "level  0 → 2 for 2 days: borrowing, lending, and withdrawing" in outcome.text
    assert shell("pause show").text.startswith("level 2: borrowing, lending, and")

    assert shell("pause lower 1", RISK_ADMIN).text.endswith("done: level 1\n")
    assert shell("pause lower 0", RISK_ADMIN).text.endswith("done: level 0\n")
    assert pool.pause_level() == 0


def test_who_may_pause(shell):
    assert "pool: not the guardian" in shell(["pause", "set", "1", "--for", "1 day"], OWNER).error
    assert "pool: not the risk admin" in shell("pause lower 0", GUARDIAN).error
    assert "pool: not the risk admin" in shell("pause resume", OWNER).error
    assert "pool: borrowing is not stopped" in shell("pause resume", RISK_ADMIN).error
    assert "pause above 7 days" in shell(["pause", "set", "1", "--for", "8 days"], GUARDIAN).error
    assert shell(["pause", "set", "3", "--for", "1 day"], GUARDIAN).code == 2


def test_a_vault_is_held_and_released(shell, vault):
    place = ["hold", "place", vault.address, "--for", "5 days", "--reason", "case 7"]
    outcome = shell(place, OFFICER)
    assert 'reason "case 7"' in outcome.text
    assert "until  none → " in outcome.text
    assert "on hold     until " in shell(f"vault show {vault.address}").text

    assert shell(f"hold release {vault.address}", OFFICER).text.endswith("done: not on hold\n")

    assert "vault: not on hold" in shell(f"hold release {vault.address}", OFFICER).error
    assert "vault: not the officer" in shell(place, OWNER).error


# -- Vaults and pools ------------------------------------------------------------------------------


def test_a_vault_passes_on_in_two_steps(shell, vault, accounts):
    heir = accounts[13].address
    assert shell(f"vault offer {vault.address} {heir}", OWNER).code == 0
    assert "vault: not the candidate" in shell(f"vault accept {vault.address}", OWNER).error

    assert shell(f"vault accept {vault.address}", 13).code == 0

    assert vault.owner() == heir
    assert "vault: not the owner" in shell(f"vault offer {vault.address} {heir}", OWNER).error


def test_interest_is_accrued_and_collected(shell, indebted, pool, fund, chain):
    chain.mine(deltatime=DAY)

    assert "done: the borrow rate is " in shell("pool accrue", NEIGHBOUR).text
    assert shell("pool collect", NEIGHBOUR).text.endswith("done: the reserves have their shares\n")
    assert pool.balanceOf(fund) > 0


def test_markets_are_listed_and_shown(shell, market):
    (listed,) = json.loads(shell("market list --json").text)

    assert (listed["market"], listed["state"]) == ("demo", "stands")
    assert (
        f"  factory          {market.factory.address}  VaultFactory\n" in shell("market show").text
    )


# -- Reading ---------------------------------------------------------------------------------------


def test_what_was_is_read(shell, indebted, chain, owner, usdc):
    block = chain.blocks.height
    indebted.borrow(1_000 * USDC, owner, sender=owner)

    now = json.loads(shell(f"vault show {indebted.address} --json").text)
    then = json.loads(shell(f"vault show {indebted.address} --json --block {block}").text)
    assert float(now["debt"]) - float(then["debt"]) == pytest.approx(1_000, abs=0.01)
    assert then["block"] == block
    lent = [json.loads(shell(f"pool show --json {it}").text) for it in ("", f"--block {block}")]
    assert float(lent[1]["cash"]) - float(lent[0]["cash"]) == 1_000
    assert f"--block {10**9} is not on this chain" in shell(f"pool show --block {10**9}").text


def test_lists_are_written_as_csv(shell, indebted):
    head, *rows = shell("vault show --csv").text.splitlines()

    assert head == "id,vault,label,class,status,dead_token,debt,health"
    assert any(row.split(",")[1] == indebted.address for row in rows)
    assert (
        shell(f"vault show {indebted.address} --csv").text.splitlines()[0].startswith("vault,owner")
    )


def test_margin_says_with_its_code_how_it_stands(shell, indebted, other_vault, set_price):
    assert shell("margin --all").code == 0

    set_price("WETH", 115)
    outcome = shell("margin --all --below 1.2 --json")
    assert outcome.code == 11
    assert [it["vault"] for it in json.loads(outcome.text)] == [indebted.address]
    assert shell(f"margin {indebted.address}").code == 11
    assert shell(f"margin {other_vault.address}").code == 0

    set_price("WETH", 0.5)
    assert shell(f"margin {indebted.address}").code in (11, 13)
    assert shell("margin").code == 2
    assert shell(f"margin {indebted.address} --all").code == 2


def test_a_dead_price_has_a_code_of_its_own(shell, vault, weth, owner, set_price):
    steps.put(vault, weth, 10**18, owner)
    set_price("WETH", 0.5)

    assert shell(f"margin {vault.address}").code == 13
    assert shell("margin --all").code == 13


def test_before_anything_stood_nothing_is_told(
    project, deployer, config, owner, outsider, chain, tmp_path
):
    then = chain.blocks.height  # not long ago: Anvil forgets the states of old blocks
    twin = deploy_market(project, deployer, replace(config, name="twin"), manifests=tmp_path)
    vault = twin.open_vault(owner, "late", sender=outsider)
    shell = Shell(tmp_path)

    for line in ("margin --all", "vault show"):
        assert shell(f"{line} --block {then} --json").text == "[]\n"
    for line in (f"vault show {vault.address}", "roles show", "pool show"):
        outcome = shell(f"{line} --block {then}")
        assert outcome.code == 1
        assert f"did not stand at block {then}" in outcome.text


def test_labels_are_no_formulas(shell, market, outsider):
    market.open_vault(outsider, "=1+1", sender=outsider)

    assert "'=1+1" in shell("vault show --csv").text


@pytest.mark.parametrize("words", ["--watch --block 1", "--watch --json"])
def test_options_of_margin_that_do_not_go_together(shell, vault, words):
    assert shell(f"margin --all {words}").code == 2
    assert shell(f"margin {vault.address} --below 2").code == 2


@pytest.mark.parametrize("span", ["999999999 weeks", "-2 days", "0 days"])
def test_spans_that_cannot_be_meant(shell, vault, span):
    outcome = shell(["hold", "place", vault.address, "--for", span, "--reason", "x"], OFFICER)

    assert outcome.code == 2


def test_what_would_be_refused_is_not_emitted(shell, accounts):
    guardian = accounts[GUARDIAN].address
    outcome = shell(["pause", "set", "1", "--for", "8 days", "--populate", "--from", guardian])

    assert outcome.code == 1
    assert "pause above 7 days" in outcome.error


def test_offers_are_taken_back(shell, vault, market):
    assert "the offer is taken back" in shell(f"vault offer {vault.address} {ZERO}", OWNER).text
    assert "the offer is taken back" in shell(f"roles offer oracle {ZERO}", RISK_ADMIN).text


# -- What needs notice, one by one -----------------------------------------------------------------


@pytest.fixture
def after_notice(shell, chain, market, feed_keeper):
    """Type a command with --announce, wait, and type it again."""

    def run(words, account):
        announced = shell([*words, "--announce"], account)
        assert "may be made from " in announced.text, announced.text
        chain.mine(deltatime=3 * DAY + 1)
        steps.refresh(market, feed_keeper)
        return shell(words, account)

    return run


def test_money_leaves_the_fund_after_notice(shell, market, fund, usdc, outsider, after_notice):
    usdc.mint(fund, 500 * USDC, sender=outsider)
    assert json.loads(shell("fund show --json").text)["cash"] == "500.000000"
    words = ["fund", "withdraw", "200", "USDC", "--to", outsider.address]
    assert "notice: not announced" in shell(words, HOUSE).error

    assert after_notice(words, HOUSE).text.endswith("done: it is made\n")

    assert usdc.balanceOf(outsider) == 200 * USDC
    assert f"may not do that, {market.factory.owner()} may" in shell(words, OWNER).error
    assert shell(["fund", "withdraw", "max", "USDC", "--to", outsider.address], HOUSE).code == 2
    assert "there is only 300 USDC" in shell([*words[:2], "900", *words[3:]], HOUSE).error


def test_shares_leave_the_fund(shell, market, pool, fund, usdc, lender, outsider, after_notice):
    steps.give(usdc, lender, 100 * USDC, pool)
    pool.deposit(100 * USDC, fund, sender=lender)
    words = ["fund", "withdraw", "40", "rfUSDC", "--to", outsider.address]

    after_notice(words, HOUSE)

    assert pool.convertToAssets(pool.balanceOf(outsider)) == 40 * USDC


def test_a_second_feed_comes_and_goes(project, deployer, shell, market, dai, after_notice, chain):
    source = deployer.deploy(project.MockFeed, 8, 99 * 10**6)
    words = ["params", "second-feed", "DAI", source.address, "--lowest", "0.5", "--highest", "1.5"]

    announced = [*words, "--heartbeat", "30 days"]
    assert after_notice(announced, RISK_ADMIN).text.endswith("done: it is made\n")
    assert market.oracle.second_feed_of(dai).source == source.address

    after_notice(["params", "second-feed", "DAI", ZERO], RISK_ADMIN)
    assert market.oracle.second_feed_of(dai).source == ZERO


def test_a_token_is_delisted(shell, market, chain, set_price, dai):
    words = ["params", "delist", "DAI"]
    assert shell([*words, "--announce"], RISK_ADMIN).code == 0
    chain.mine(deltatime=3 * DAY + 1)  # its price dies

    assert shell(words, RISK_ADMIN).code == 0

    assert market.engine.rules_of(dai).is_delisted


def test_an_announcement_of_one_change_is_withdrawn(shell, market, dai):
    words = ["params", "delist", "DAI"]
    shell([*words, "--announce"], RISK_ADMIN)

    assert "announcement withdrawn" in shell([*words, "--cancel"], RISK_ADMIN).text
    assert "notice: not announced" in shell(words, RISK_ADMIN).error
