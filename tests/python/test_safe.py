"""Calls that are not sent but handed on: printed, or as a file that a real Safe executes."""

import json

import pytest
from eth_utils import keccak

from ringfence.config import MarketConfig
from ringfence.governing import changes
from ringfence.safe import checksum
from ringfence.vault import Vault
from tests.conftest import CONFIG
from tests.python.commands import Shell
from tests.python.safe import make_safe
from tests.steps import USDC, WETH, give, lend


@pytest.fixture(scope="module")
def folder(market, tmp_path_factory):
    path = tmp_path_factory.mktemp("deployments")
    market.manifest.write(path)
    return path


@pytest.fixture
def safe(deployer, accounts):
    """A Safe of three, two of whom sign."""
    return make_safe(deployer, accounts[12:15])


@pytest.fixture
def through(safe, folder, tmp_path, outsider):
    """Let the Safe do what a command would: by a file, in one transaction."""

    def run(*words):
        path = tmp_path / "batch.json"
        outcome = Shell(folder)([*words, "--safe", str(path), "--from", safe.address], answer=None)
        assert outcome.code == 0, outcome.text
        return safe.run(path, outsider)

    return run


def test_a_safe_owns_a_vault(market, safe, through, weth, usdc, lender, outsider):
    lend(market, lender, 1_000_000 * USDC)
    weth.mint(safe.address, 100 * WETH, sender=outsider)

    through("vault", "open", "treasury")
    vault = Vault(market, market.vault_of(safe.address, "treasury"))
    through("vault", "deposit", "treasury", "100", "WETH")
    through("vault", "borrow", "treasury", "10,000", "USDC")

    assert vault.owner == safe.address
    assert vault.debt() == 10_000
    assert usdc.balanceOf(safe.address) == 10_000 * USDC

    through("vault", "repay", "treasury", "4,000", "USDC")
    through("vault", "withdraw", "treasury", "10", "WETH")

    assert 6_000 <= vault.debt() < 6_001
    assert weth.balanceOf(safe.address) == 10 * WETH


def test_a_safe_lends(market, safe, through, pool, usdc, outsider):
    usdc.mint(safe.address, 5_000 * USDC, sender=outsider)

    through("pool", "deposit", "5,000")
    assert pool.maxWithdraw(safe.address) == 5_000 * USDC

    through("pool", "withdraw", "max")
    assert usdc.balanceOf(safe.address) == 5_000 * USDC


def test_a_safe_liquidates(indebted, safe, through, usdc, weth, set_price, outsider):
    set_price("WETH", 115)
    usdc.mint(safe.address, 20_000 * USDC, sender=outsider)

    through("liquidate", indebted.address)

    assert weth.balanceOf(safe.address) > 0


def test_a_safe_governs(market, safe, through, house, guardian, risk_admin, tmp_path):
    """Its offices are given to it, the oracle it accepts; then parameters are its to change."""
    market.factory.set_risk_admin(safe.address, sender=house)
    market.oracle.transfer_ownership(safe.address, sender=risk_admin)
    market.pool.pause(2, 3_600, sender=guardian)

    through("roles", "accept", "oracle")
    through("pause", "lower", "0")
    path = tmp_path / "changed.toml"
    text = CONFIG.read_text().replace("risk_admin = 2", f'risk_admin = "{safe.address}"')
    path.write_text(text.replace("supply_cap = 50_000_000", "supply_cap = 60_000_000"))
    through("params", "announce", str(path))

    (call,) = [it.call for it in changes(market, MarketConfig.load(path), {}, 0)]
    assert market.oracle.owner() == safe.address
    assert market.pool.pause_level() == 0
    assert market.pool.ready_at(keccak(call.data)) > 0


def test_the_checksum_covers_all_but_name_and_itself(safe, folder, tmp_path):
    path = tmp_path / "batch.json"
    Shell(folder)(["vault", "open", "x", "--safe", str(path), "--from", safe.address])
    batch = json.loads(path.read_text())

    told = batch["meta"].pop("checksum")

    assert checksum(batch) == told
    batch["meta"]["name"] = "another"
    assert checksum(batch) == told
    batch["transactions"][0]["to"] = safe.address
    assert checksum(batch) != told


def test_the_checksum_of_a_small_batch():
    """Written out by hand: keys in order, then what they stand for, each with a comma behind."""
    small = {"meta": {"name": "x"}, "transactions": [{"data": None, "to": "ä"}]}
    text = '{["meta","transactions"]{["name"]null,},[{["data","to"]null,"ä",}],}'

    assert checksum(small) == "0x" + keccak(text.encode()).hex()


def test_populate_prints_what_would_be_sent(market, folder, chain, owner, outsider, vault, weth):
    give(weth, owner, WETH, vault)
    outcome = Shell(folder)(
        ["vault", "deposit", vault.address, "1", "WETH", "--populate", "--from", owner.address]
    )

    calls = [json.loads(it) for it in outcome.text.splitlines() if it.startswith("{")]
    wanted = [
        (weth, weth.approve.encode_input(vault, 0)),
        (weth, weth.approve.encode_input(vault, WETH)),
        (vault, vault.deposit.encode_input(weth, WETH)),
    ]  # whatever is allowed now may be used up before
    head = {"chainId": chain.chain_id, "from": owner.address, "value": 0}
    assert calls == [
        head | {"to": contract.address, "data": "0x" + bytes(data).hex()}
        for contract, data in wanted
    ]
    assert f"{vault.address}.deposit(token={weth.address}, amount={WETH})" in outcome.text
    assert "Send it?" not in outcome.text
    assert weth.balanceOf(owner) == WETH


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--populate", "--safe", "x.json"], "--populate and --safe exclude each other."),
        (["--populate"], "Say who will send it with --from ADDRESS."),
        (["--from", "0x" + 40 * "1"], "--from goes with --populate or --safe; --account signs."),
    ],
)
def test_options_that_do_not_go_together(folder, words, message):
    outcome = Shell(folder)(["vault", "open", "x", *words])

    assert outcome.code == 2
    assert message in outcome.text


def test_all_of_a_debt_is_approved_for_a_day(market, indebted, folder, owner, usdc):
    """However much it costs meanwhile: it is repaid when everybody has signed."""
    usdc.mint(owner, 10_000 * USDC, sender=owner)
    words = ["vault", "repay", indebted.address, "max", "--populate", "--from", owner.address]
    lines = Shell(folder)(words).text.splitlines()

    *_, approval, _ = [json.loads(it) for it in lines if it.startswith("{")]
    allowed = int(approval["data"][-64:], 16)
    assert 1.027 < allowed / indebted.debt() < 1.029
