"""Deploying from the command line."""

import json
import re
from pathlib import Path
from unittest.mock import patch

import vyper
from eth_utils import to_checksum_address

from ringfence.market import PARTS, Market
from tests.chain_shims import undone
from tests.python.commands import Shell
from tests.steps import ZERO

CONFIG = Path(__file__).parent.parent.parent / "scripts" / "config" / "demo.toml"
DEPLOYER = 15
SOMEWHERE = "0x" + 20 * "1b"
# What is compared -> a change of the configuration after which it is different.
CHANGES = {
    "pool.INSURANCE_SHARE": ('insurance_share = "10 %"', 'insurance_share = "11 %"'),
    "pool.TREASURY_SHARE": ('treasury_share = "5 %"', 'treasury_share = "6 %"'),
    "pool.LOSS_STOP": ('loss_stop = "5 %"', 'loss_stop = "6 %"'),
    "pool.name": ("Ringfence demo USDC", "Another"),
    "pool.symbol": ("rfUSDC", "other"),
    "pool.min_debt": ("min_debt = 1_000", "min_debt = 1_001"),
    "pool.max_debt": ("max_debt = 5_000_000", "max_debt = 5_000_001"),
    "pool.supply_cap": ("supply_cap = 50_000_000", "supply_cap = 50_000_001"),
    "pool.borrow_cap": ("borrow_cap = 40_000_000", "borrow_cap = 40_000_001"),
    "rate_model.KINK": ('kink = "80 %"', 'kink = "81 %"'),
    "rate_model.BASE_RATE": ('base = "0 %"', 'base = "1 %"'),
    "rate_model.KINK_RATE": ('at_kink = "4 %"', 'at_kink = "5 %"'),
    "rate_model.FULL_RATE": ('full = "75 %"', 'full = "76 %"'),
    "engine.liquidation_terms": ("dust_value = 10", "dust_value = 11"),
    "rules of WETH": ('initial_ltv = "80 %"', 'initial_ltv = "79 %"'),
    "rules of WBTC": ("cap = 1_000\n", "cap = 1_001\n"),
    "feed of WETH": ("highest = 100_000\n", "highest = 100_001\n"),
    "factory.owner": ("owner = 1\n", "owner = 11\n"),
    "oracle.owner": ("risk_admin = 2\n", "risk_admin = 12\n"),
    "factory.compliance_officer": ("compliance_officer = 4\n", "compliance_officer = 14\n"),
    "pool.TREASURY": ("treasury = 5\n", "treasury = 13\n"),
}


def deploy(folder, *words, path=CONFIG, **kwargs):
    return Shell(folder)(["deploy", str(path), *words], DEPLOYER, **kwargs)


def test_deploy(project, tmp_path):
    outcome = deploy(tmp_path)

    (path,) = tmp_path.rglob("demo.json")
    market = Market.load(project, path)
    assert outcome.code == 0
    assert "against WETH, initial LTV 80 %, maintenance LTV 85 %" in outcome.text
    assert outcome.text.splitlines()[-1] == (
        f"market demo stands; its factory is {market.factory.address}"
    )
    assert Shell(tmp_path)("vault show").text == "market demo, vaults: 0\n"


def test_deploy_twice(tmp_path):
    deploy(tmp_path, "-y", answer=None)

    assert "market demo stands already on chain" in deploy(tmp_path).error
    assert deploy(tmp_path, "--replace").code == 0


def test_deploy_nothing_without_a_yes(tmp_path, accounts):
    nonce = accounts[DEPLOYER].nonce

    assert deploy(tmp_path, answer="n\n").code == 1
    assert accounts[DEPLOYER].nonce == nonce
    assert not list(tmp_path.rglob("*.json"))


def test_deploy_a_bad_config(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(CONFIG.read_text().replace('initial_ltv = "80 %"', 'initial_ltv = "99 %"'))

    outcome = deploy(tmp_path, path=path)

    assert outcome.code == 1
    assert f"{path}: token.WETH.initial_ltv" in outcome.text


def test_what_the_chain_lacks_is_told_before_the_question(tmp_path):
    path = tmp_path / "bad.toml"
    weth = "[token.WETH]\nmock = true"
    text = CONFIG.read_text().replace("owner = 1\n", "owner = 77\n")
    path.write_text(text.replace(weth, f'[token.WETH]\naddress = "{SOMEWHERE}"'))

    outcome = deploy(tmp_path, path=path, answer=None)

    assert outcome.code == 1
    assert "demo: roles.owner = 77: there are 20 test accounts; write an address" in outcome.text
    assert "demo: token.WETH.address = " in outcome.text
    assert "; write the address of one, or choose the network with --network" in outcome.text
    assert "Deploy it" not in outcome.text


def test_deploy_no_config(tmp_path):
    assert deploy(tmp_path, path=tmp_path / "none.toml").code == 2


# -- Planning --------------------------------------------------------------------------------------


def test_plan_tells_what_would_be_done_and_sends_nothing(tmp_path, accounts):
    nonce = accounts[DEPLOYER].nonce
    outcome = deploy(tmp_path, "--plan", answer=None)

    lines = outcome.text.splitlines()
    assert outcome.code == 0
    assert lines[0] == f"deployer {accounts[DEPLOYER].address}, nonces from {nonce}"
    assert f"owner {accounts[1].address}" in lines
    assert "    terms.min_debt = 1000000000" in lines
    assert lines[-2].startswith("in all 30 transactions, ")
    assert re.fullmatch(r"the deployer has [\d,.]+ ETH", lines[-1])
    assert accounts[DEPLOYER].nonce == nonce
    assert not list(tmp_path.rglob("*.json"))


def test_what_was_planned_is_what_is_done(project, tmp_path, chain, config):
    with undone(chain):  # in process, the rehearsal runs on the very chain of the plan
        planned = deploy(tmp_path, "--plan", answer=None).text

    deploy(tmp_path)

    (path,) = tmp_path.rglob("demo.json")
    manifest = Market.load(project, path).manifest
    again = {token for token in config.tokens if config.is_credit_asset(token)}
    names = {it.name for it in manifest.contracts} - {f"token.{it.symbol}" for it in again}
    for part in map(manifest.part, names):
        assert f"{part.name}: {part.contract} at {part.address}, " in planned
        receipt = project.provider.web3.eth.get_transaction_receipt(part.tx_hash)
        gas = planned.split(f"{part.name}: {part.contract} at {part.address}, ")[1].split(" gas")[0]
        assert abs(int(gas.replace(",", "")) - receipt["gasUsed"]) < receipt["gasUsed"] // 1_000


def test_plan_says_who_must_accept(tmp_path):
    path = tmp_path / "live.toml"
    path.write_text(CONFIG.read_text().replace("owner = 1\n", f'owner = "{SOMEWHERE}"\n'))

    outcome = deploy(tmp_path, "--plan", path=path, answer=None)

    owner = to_checksum_address(SOMEWHERE)
    assert f"owner {owner}; is offered the factory and must call accept_ownership()" in outcome.text


def test_what_excludes_each_other_is_told(tmp_path):
    for words in (["--plan", "--verification", "x"], ["--check", "--replace"]):
        assert "exclude each other" in deploy(tmp_path, *words).text


def test_stale_contracts_are_not_deployed(project, tmp_path):
    """Ape does not see that a module changed."""
    stale = patch("ringfence.cli.deploy.is_fresh", lambda _: False)
    with stale, patch("ringfence.cli.deploy.rebuild") as rebuild:
        outcome = deploy(tmp_path, "--plan")

    assert outcome.code == 0
    rebuild.assert_called_once_with(project)


# -- Checking --------------------------------------------------------------------------------------


def check(folder, path=CONFIG):
    return Shell(folder)(["deploy", str(path), "--check"])


def test_check_finds_a_market_as_configured(tmp_path):
    deploy(tmp_path)

    outcome = check(tmp_path)

    assert outcome.code == 0
    assert outcome.text.endswith("things looked at, 0 not as configured\n")


def test_check_knows_an_address_however_it_is_spelled(project, tmp_path, accounts):
    uptime = project.MockFeed.deploy(0, 0, sender=accounts[DEPLOYER])
    path = tmp_path / "rollup.toml"
    oracle = f'[oracle]\nsequencer = "{uptime.address.lower()}"\n\n[rates]'
    path.write_text(CONFIG.read_text().replace("[rates]", oracle))
    deploy(tmp_path, path=path)

    assert check(tmp_path, path).text.endswith("things looked at, 0 not as configured\n")


def test_check_names_what_is_different(project, tmp_path, accounts):
    deploy(tmp_path)
    (path,) = tmp_path.rglob("demo.json")
    made = Market.load(project, path)
    made.factory.set_guardian(accounts[12], sender=accounts[1])
    made.feeds["WETH"].set_answer(0, sender=accounts[12])
    made.oracle.transfer_ownership(accounts[12], sender=accounts[2])

    outcome = check(tmp_path)

    guardian, candidate = accounts[3].address, accounts[12].address
    assert outcome.code == 1
    assert f"factory.guardian is {candidate}, not {guardian}\n" in outcome.text
    assert f"oracle.pending_owner is {candidate}, not {ZERO}\n" in outcome.text
    assert "price of WETH is alive is False, not True\n" in outcome.text
    assert outcome.text.endswith("things looked at, 3 not as configured\n")


def test_check_compares_every_parameter(tmp_path):
    deploy(tmp_path)
    other = tmp_path / "other.toml"
    text = CONFIG.read_text()
    for old, new in CHANGES.values():
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    other.write_text(text)

    outcome = check(tmp_path, other)

    different = {line.split(" is ")[0] for line in outcome.text.splitlines() if " is " in line}
    assert outcome.code == 1
    assert different == {*CHANGES, "factory.risk_admin"}


def test_check_sees_what_stands_still(project, tmp_path, accounts):
    deploy(tmp_path)
    (path,) = tmp_path.rglob("demo.json")
    made = Market.load(project, path)
    made.pool.pause(2, 3_600, sender=accounts[3])

    assert "pool.pause_level is 2, not 0\n" in check(tmp_path).text


def test_check_asks_for_the_configured_contracts(project, tmp_path):
    """A look-alike is not what was configured, whatever the manifest says."""
    deploy(tmp_path)
    (found,) = tmp_path.rglob("demo.json")
    other = tmp_path / "other.toml"
    weth = "[token.WETH]\nmock = true"
    other.write_text(CONFIG.read_text().replace(weth, f'[token.WETH]\naddress = "{SOMEWHERE}"'))

    outcome = check(tmp_path, other)

    assert outcome.code == 1
    assert (
        f"token 1, WETH is {Market.load(project, found).tokens['WETH'].address}, not"
        in outcome.text
    )


def test_check_compares_the_code_with_the_sources(project, tmp_path):
    deploy(tmp_path)
    kind = type(project.Vault.contract_type)

    with patch.object(kind, "get_runtime_bytecode", lambda it: bytes.fromhex("60aa")):
        outcome = check(tmp_path)

    assert "code of pool is that of the sources is False, not True\n" in outcome.text


def test_check_tells_what_it_cannot_read(tmp_path):
    """A token that was configured after the deployment, and all that stands after it."""
    deploy(tmp_path)
    other = tmp_path / "other.toml"
    block = CONFIG.read_text().split("[token.DAI]")[1]
    other.write_text(
        CONFIG.read_text() + "\n\n[token.NEW]" + block.replace("token.DAI", "token.NEW")
    )

    outcome = check(tmp_path, other)

    assert outcome.code == 1
    assert "the rest of this part is unreadable: " in outcome.text


# -- Verification ----------------------------------------------------------------------------------


def test_recompiling_what_explorers_get_gives_what_was_deployed(project, tmp_path):
    from vyper.cli.vyper_json import compile_json

    deploy(tmp_path)
    (path,) = tmp_path.rglob("demo.json")
    folder = tmp_path / "to verify"

    outcome = Shell(tmp_path)(["deploy", str(CONFIG), "--verification", str(folder)])

    known = json.loads((folder / "contracts.json").read_text())
    assert outcome.code == 0
    assert outcome.text.splitlines() == [str(it) for it in written(folder, known)]
    assert [it["name"] for it in known] == list(PARTS)
    manifest = Market.load(project, path).manifest
    for it in known:
        text = (folder / f"{it['contract']}.json").read_text()
        assert str(Path(vyper.__file__).parent.parent) not in text
        (made,) = compile_json(json.loads(text))["contracts"].values()
        code = made[it["contract"]]["evm"]["bytecode"]["object"]
        part = manifest.part(it["name"])
        sent = project.provider.web3.eth.get_transaction(part.tx_hash)["input"]
        assert it["address"] == part.address
        assert code + it["constructor_arguments"] == "0x" + bytes(sent).hex()


def written(folder, known):
    return [*(folder / f"{it['contract']}.json" for it in known), folder / "contracts.json"]
