"""Deploying from the command line."""

from pathlib import Path

from ringfence.market import Market
from tests.python.commands import Shell

CONFIG = Path(__file__).parent.parent.parent / "scripts" / "config" / "demo.toml"
DEPLOYER = 15
SOMEWHERE = "0x" + 20 * "1b"


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
