"""Whoever has a report sees whether it holds: with a node, with nothing but proofs, day by day."""

import json
from datetime import UTC, datetime

import pytest
from ape import accounts
from eth_utils import keccak

from ringfence.segregation import files
from ringfence.segregation.form import canonical, hash_of, read_report
from ringfence.segregation.signing import message_of
from tests import chain_shims
from tests.python.commands import Shell
from tests.steps import DAY, USDC

FAILED = 12


@pytest.fixture
def skips(market):
    """What has to be allowed on a chain that proves nothing."""
    return "" if market.provider.name == "foundry" else "--allow-skip P3"


@pytest.fixture
def verify(shell, skips):
    return lambda line, **more: shell(f"segregation verify {line} {skips}", **more)


def lines(told, status):
    """Return the ids of the checks with a status."""
    found = [it.split() for it in told.text.splitlines() if it.startswith("  ")]
    return {it[0] for it in found if it[1:2] == [status]}


def rewrite(path, change):
    """Change a report, and write it as it has to be."""
    report = json.loads(path.read_bytes())
    change(report)
    path.write_bytes(canonical(report))


def test_with_a_node(prove, lived, verify):
    told = verify(prove())

    assert told.code == 0, told.text
    assert lines(told, "fail") == set()
    assert {"P1", "P7", "claims", "node", "root", "signature", "chain"} <= lines(told, "pass")


def test_where_a_node_proves_nothing_that_has_to_be_allowed(prove, lived, shell, market):
    told = shell(f"segregation verify {prove()}")

    assert told.code == (0 if market.provider.name == "foundry" else FAILED)


def test_without_a_node(prove, lived, market, tmp_path, skips):
    """No manifest and no ledger, only the report and what somebody else says the root is."""
    path = prove()
    root = read_report(path)["block"]["state_root"]
    shell = Shell(tmp_path / "nothing")

    told = shell(f"segregation verify {path} --offline --state-root {root} {skips}")
    assert told.code == 0, told.text
    assert "node" not in lines(told, "pass")
    report = read_report(path)
    word_only = {"places", "P4", "P5", "P6", "P7", "market"}
    assert lines(told, "told") == word_only | ({"block"} if report["block"]["header"] else set())
    if report["proof"] is not None:
        known = f"--state-root {report['block']['hash']} --factory {market.factory.address}"
        told = shell(f"segregation verify {path} --offline {known}")
        assert lines(told, "told") == word_only - {"market"}
    told = shell(f"segregation verify {path} --offline {skips}")
    assert told.code == FAILED
    assert lines(told, "skipped") - {"P3", "block"} == {"root"}
    told = shell(f"segregation verify {path} --offline --state-root 0x{64 * '1'} {skips}")
    assert told.code == FAILED
    assert lines(told, "fail") == {"root"}


def test_a_block_that_is_not_there_yet(prove, lived, verify):
    path = prove()
    rewrite(path, lambda report: report["block"].update(number=10**6))

    told = verify(path)
    assert told.code == FAILED
    assert "it is of block 1000000, and the node's latest is" in told.error


def test_a_market_that_is_not_meant(prove, lived, verify, market, other_vault):
    path = prove()

    assert verify(f"{path} --factory {market.factory.address}").code == 0
    told = verify(f"{path} --factory {other_vault.address}")
    assert lines(told, "fail") == {"market"}


def test_what_only_a_node_knows_is_named(prove, lived, verify):
    path = prove()
    rewrite(path, lambda report: report["transfers"][0].update(block=1))

    told = verify(path)
    assert told.code == FAILED
    assert lines(told, "fail") == {"node"}
    assert "transfers/0/block: the report says 1, the node" in told.text


def test_a_chain_that_moved_on_changes_nothing(prove, lived, verify, usdc, outsider, market):
    """It is asked for the block of the report; a chain in process fails vaults at its end only."""
    path = prove()
    usdc.mint(lived, 5 * USDC, sender=outsider)

    told = verify(f"{path} --allow-skip P7")
    assert lines(told, "fail") == set()
    assert told.code == 0


def test_reports_for_programs(prove, lived, verify):
    (told,) = json.loads(verify(f"{prove()} --json").text)

    assert told["number"] == 1
    assert {it["status"] for it in told["checks"] if it["id"] != "P3"} == {"pass"}


# -- Signatures ------------------------------------------------------------------------------------


def test_a_key_signs(prove, lived, verify, shell):
    path, signer = prove(account=3), accounts.test_accounts[3].address

    assert read_report(path)["signature"]["signer"] == signer
    assert verify(f"{path} --signer {signer}").code == 0
    told = verify(f"{path} --signer {accounts.test_accounts[4].address}")
    assert told.code == FAILED
    assert lines(told, "fail") == {"signature"}


def test_a_contract_signs(prove, lived, verify, shell, deployer, project):
    safe = deployer.deploy(project.MockSigner, accounts.test_accounts[3])
    path = prove()

    # The chain has the contract from its deployment on, which is before the report.
    told = typed(shell, f"segregation sign {path} --for {safe.address}", account=3)
    assert told.code == 0, told.text
    assert verify(f"{path} --signer {safe.address}").code == 0
    rewrite(path, lambda report: report["made_by"].update(version="0"))
    assert lines(verify(path), "fail") == {"signature"}


def test_a_signature_made_elsewhere(prove, lived, verify, shell, deployer, project):
    safe = deployer.deploy(project.MockSigner, accounts.test_accounts[3])
    path, key = prove(), accounts.test_accounts[3]
    made = "0x" + key.sign_message(message_of(read_report(path), safe.address)).encode_rsv().hex()

    told = typed(shell, f"segregation sign {path} --for {safe.address} --signature {made}")
    assert told.code == 0, told.text
    assert verify(path).code == 0


def test_no_signature_is_missed_if_somebody_has_to_sign(prove, lived, verify):
    path = prove()

    assert verify(path).code == 0
    assert verify(f"{path} --signer {accounts.test_accounts[3].address}").code == FAILED


def typed(shell, line, **more):
    """Type a command that needs no market."""
    return Shell(None)(line, **more)


# -- From report to report -------------------------------------------------------------------------


@pytest.fixture
def days(prove, lived, chain, set_price):
    """Reports of three days, one after another."""
    made = []
    for _ in range(3):
        chain.mine(deltatime=DAY)
        day = datetime.fromtimestamp(chain.blocks.head.timestamp, UTC).date().isoformat()
        made.append(prove(f"--asof {day}"))
    return made


def joined(paths):
    return " ".join(map(str, paths))


def test_reports_follow_one_another(days, verify):
    reports = [read_report(it) for it in days]

    assert [it["number"] for it in reports] == [1, 2, 3]
    assert [it["previous"]["hash"] for it in reports[1:]] == [hash_of(it) for it in reports[:2]]
    assert verify(f"{joined(days)} --offline --allow-skip root --allow-skip P7").code == 0


def test_a_report_that_is_missing_shows(days, verify):
    told = verify(f"{joined([days[0], days[2]])} --offline --allow-skip root --allow-skip P7")

    assert told.code == FAILED
    assert lines(told, "fail") == {"chain"}
    assert "report 3 follows one whose number is 2, and not 1" in told.text


def test_a_day_that_is_missing_shows(prove, lived, chain, verify):
    for _ in range(2):
        chain.mine(deltatime=2 * DAY)
        day = datetime.fromtimestamp(chain.blocks.head.timestamp, UTC).date().isoformat()
        path = prove(f"--asof {day}")

    told = verify(f"{path} --offline --allow-skip root --allow-skip P7")
    assert told.code == FAILED
    assert "and the one before as of" in told.text


def test_a_report_that_was_changed_breaks_the_chain(days, verify):
    rewrite(days[0], lambda report: report["made_by"].update(version="0"))

    told = verify(f"{joined(days)} --offline --allow-skip root --allow-skip P7")
    assert lines(told, "fail") == {"chain"}
    assert "whose hash is" in told.text


@pytest.mark.parametrize("blocks", [0, 9])
def test_a_report_follows_none_of_another_chain(prove, lived, chain, shell, folder, blocks):
    """It was made on a chain that ended; this one is shorter, or longer."""
    with chain_shims.undone(chain):
        chain.mine(5)
        prove()
    if blocks:
        chain.mine(blocks, deltatime=DAY)

    told = shell(f"segregation prove --out {folder}")
    assert told.code == 1
    assert "this chain does not have block" in told.error
    assert "choose another --out" in told.error


def test_a_day_has_one_report(prove, lived, chain, shell, folder):
    chain.mine(deltatime=DAY)
    day = datetime.fromtimestamp(chain.blocks.head.timestamp, UTC).date().isoformat()
    prove(f"--asof {day}")

    told = shell(f"segregation prove --out {folder} --asof {day}")
    assert told.code == 1
    assert f"there is a report of {day}; name a later day" in told.error


def test_a_day_is_counted_through_reports_of_no_day(days, prove, verify):
    between = prove()

    assert read_report(between)["previous"]["day"] == read_report(days[-1])["asof"]["day"]
    assert files.reports_in(between.parent, 1, "demo") == []


def test_reports_of_no_day_stand_in_nobodys_way(days, prove, verify, chain):
    """One is made after a cutoff of which there is no report yet."""
    chain.mine(deltatime=DAY)
    day = datetime.fromtimestamp(chain.blocks.head.timestamp, UTC).date().isoformat()
    chain.mine()
    between = prove()
    last = prove(f"--asof {day}")

    told = verify(f"{joined([*days, between, last])} --offline --allow-skip root --allow-skip P7")
    assert lines(told, "fail") == set()
    assert read_report(last)["block"]["number"] < read_report(between)["block"]["number"]


def test_a_report_of_a_day_is_of_its_last_block(days, verify):
    rewrite(days[0], lambda report: report["asof"].update(cutoff="23:59Z"))
    rewrite(days[1], lambda report: report["asof"].update(day="2020-01-01"))

    told = verify(f"{joined(days)} --offline --allow-skip root --allow-skip P7")
    assert {"asof", "chain"} == lines(told, "fail")
    assert "s later than the cutoff" in told.text


def test_reports_of_other_markets_are_left_alone(tmp_path):
    for name in ("1-demo-00002", "1-demo-00010", "1-demo-weth-00011", "11-demo-00012", "1-demo-x"):
        (tmp_path / f"{name}.json").touch()

    found = [it.stem for it in files.reports_in(tmp_path, 1, "demo")]
    assert found == ["1-demo-00002", "1-demo-00010"]


# -- Whatever somebody hands over ------------------------------------------------------------------


def broken(change):
    def act(raw):
        report = json.loads(raw)
        change(report)
        return json.dumps(report, separators=(",", ":"), sort_keys=True).encode()

    return act


HANDED_OVER = {
    "nothing": lambda _: b"",
    "no JSON": lambda _: b"{",
    "depth": lambda _: b"[" * 200_000,
    "another form": lambda raw: raw.replace(b"{", b"{ ", 1),
    "the same name twice": lambda raw: raw.replace(b'"asof":', b'"asof":null,"asof":', 1),
    "a large number": broken(lambda it: it.update(number=2**53)),
    "a lone surrogate": broken(lambda it: it["market"].update(name="\ud800")),
    "many digits": broken(lambda it: it["pool"].update(cash="9" * 5_000)),
    "above 256 bits": broken(lambda it: it["pool"].update(index="9" * 78)),
    "no balance in the books": broken(
        lambda it: it["vaults"][0]["books"]["balances"].update(
            dict.fromkeys(it["vaults"][0]["books"]["balances"])
        )
    ),
    "no day": broken(lambda it: it.update(asof={"day": "2026-99-99", "cutoff": "00:00Z"})),
    "a line break": broken(lambda it: it["block"].update(hash=it["block"]["hash"] + "\n")),
    "an address in small letters": broken(
        lambda it: it["vaults"][0].update(opened_for=it["vaults"][0]["opened_for"].lower())
    ),
    "many vaults": broken(lambda it: it["registry"].update(vault_count=2**53 - 1)),
    "a root of one's own": broken(
        lambda it: it.update(
            proof=["0xc0"],
            block=it["block"] | {"state_root": "0x" + keccak(b"\xc0").hex()},
        )
    ),
}


@pytest.mark.parametrize("name", HANDED_OVER)
def test_it_is_refused_by_name(name, prove, lived, tmp_path, market):
    """And never with a traceback, for which the command would end otherwise."""
    if market.provider.name != "foundry":
        pytest.skip("one chain is enough: none is asked")
    path = prove()
    path.write_bytes(HANDED_OVER[name](path.read_bytes()))

    told = Shell(tmp_path / "nothing")(f"segregation verify {path} --offline --allow-skip root")
    assert told.code == FAILED, told.text
    assert str(path) in told.text
