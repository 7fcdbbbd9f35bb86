"""The demo, through the entry that its command uses: real prices, real contracts, two runs."""

import json
import re
import subprocess
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click import unstyle
from jsonschema import Draft202012Validator

from ringfence.exceptions import RingfenceError
from ringfence.replay import narration
from ringfence.replay import report as outcome
from ringfence.replay.clients import CLIENTS, LENDERS, plot_of
from ringfence.replay.isolation import Sight, Sighting, Twin, breaches
from ringfence.replay.play import Voice, play
from ringfence.replay.prices import Price, PriceFileError, read_prices, recorded_prices
from ringfence.segregation.checks import FAIL, PASS, Check
from ringfence.segregation.form import read_report
from scripts import demo
from scripts._proof import prove
from tests.python.commands import Shell

SCHEMA = Path(outcome.__file__).parent / "demo.schema.json"
MOST_SECONDS = 60  # of processor time: a machine may be busy with other things
HOUR = 3_600


class Audience:
    """Whoever listens to a replay."""

    def __init__(self):
        self.lines = []

    def hear(self, text):
        self.lines.append(unstyle(text))


@dataclass
class Inspection:
    """Whoever looks at the market at the end of the first run."""

    provider: str
    path: Path
    proof: dict | None = None

    def look(self, market):
        if self.provider == demo.PROVING:
            self.proof = prove(market, self.path)


@pytest.fixture(scope="module")
def played(undone_module, project, accounts, config, inspected):
    """The recorded prices, played: report, what was said, and seconds it took."""
    audience = Audience()
    started = time.process_time()
    voice = Voice(audience.hear)
    report = play(project, accounts, config, recorded_prices(), voice, inspected.look)
    return report, audience.lines, time.process_time() - started


@pytest.fixture(scope="module")
def inspected(project, tmp_path_factory):
    """What was proven at the end of the first run, on a chain that proves what it stores."""
    return Inspection(project.provider.name, tmp_path_factory.mktemp("demo") / "proof.json")


@pytest.fixture(scope="module")
def report(played):
    return played[0]


@pytest.fixture(scope="module")
def lines(played):
    return played[1]


@pytest.fixture(scope="module")
def document(report, project):
    provider = project.provider
    content = outcome.document(report, provider.network_choice, provider.web3.client_version)
    return json.loads(json.dumps(content))


# -- The story -------------------------------------------------------------------------------------


def test_leveraged_is_liquidated_in_steps_and_survives(report):
    steps = [it for it in report.run.liquidations if it.label == "leveraged"]

    assert len({it.at for it in steps}) >= 2
    assert all(it.bad_debt == 0 for it in steps)
    assert outcome.equity(report.run, "leveraged") > 0


def test_over_leveraged_ends_in_bad_debt_down_to_the_lenders(report):
    loss = report.losses["over-leveraged"]

    assert loss.insurance_shares > 0
    assert loss.insurance_cash > 0
    assert loss.lenders > 0
    assert outcome.equity(report.run, "over-leveraged") == 0


def test_debt_written_off_is_borne_to_the_last_unit(report):
    for loss in report.losses.values():
        assert loss.bad_debt == loss.insurance_shares + loss.insurance_cash + loss.lenders


def test_lenders_claim_what_is_left_of_the_pool(report):
    put_in = sum(report.run.stage.assets(amount) for amount in LENDERS.values())
    lost = report.losses["over-leveraged"].lenders

    claimed = sum(report.run.ending.claims.values())

    assert put_in - lost < claimed < put_in  # the difference is interest


def test_nobody_else_is_liquidated(report):
    assert report.run.failing == {"leveraged", "over-leveraged"}


def test_one_owner_keeps_the_other_vault(report):
    """The owner of the over-leveraged vault has a second one, which pays nothing for the first."""
    owners = {client.label: client.account for client in CLIENTS}

    assert owners["over-leveraged"] == owners["debt-free"]
    assert report.twins["debt-free"].balances == 0


# -- Isolation -------------------------------------------------------------------------------------


def test_every_other_vault_is_read_at_every_liquidation(report):
    for label in report.run.stage.vaults:
        others = [it for it in report.run.liquidations if it.label != label]
        seen = [it for it in report.run.sightings if it.label == label]
        assert [it.failing for it in seen] == [it.label for it in others]


def test_no_vault_moves_while_another_is_liquidated(report):
    moved = {by for aspects in report.moved.values() for by in aspects.values()}

    assert moved == {0}
    assert report.breaches == []


def test_solvent_vaults_hold_the_same_without_the_failing(report):
    assert set(report.twins) == {"careful", "debt-free", "mixed", "house"}
    assert all(twin.balances == 0 for twin in report.twins.values())


def test_debts_differ_by_the_shared_interest_rate_alone(report):
    assert all(twin.is_interest for twin in report.twins.values())
    assert report.twins["careful"].debt > 0  # others borrowed, so the rate was higher
    assert report.twins["debt-free"].debt == 0


SIGHT = Sight((5, 7), 100, 90, 1, 1, 3, 0)


@pytest.mark.parametrize(
    ("aspect", "value"),
    [
        ("balances", (5, 8)),
        ("debt", 101),
        ("scaled_debt", 89),
        ("owner", 2),
        ("fund_class", 2),
        ("collateral_mask", 1),
        ("hold_until", 9),
    ],
)
def test_any_movement_is_a_breach(aspect, value):
    after = Sight(**(vars(SIGHT) | {aspect: value}))

    moved = Sighting("careful", "leveraged", SIGHT, after).differences

    assert [name for name, by in moved.items() if by] == [aspect]
    assert len(breaches({"careful": moved}, [])) == 1


def test_a_different_second_run_is_a_breach():
    assert breaches({}, [Twin("a", 1, 0, True)]) == ["a: balances differ by 1 without the others"]
    assert len(breaches({}, [Twin("a", 0, 5, False)])) == 1
    assert breaches({}, [Twin("a", 0, 5, True)]) == []


# -- What is shown ---------------------------------------------------------------------------------


def test_each_price_is_one_line_with_the_health_of_all(lines):
    rows = [line for line in lines if re.match(r"\d\d Mar \d\d:00 ", line)]

    assert len(rows) == len(recorded_prices())
    assert all(len(re.findall(r" \d+\.\d{3}\b| - ", row)) == len(CLIENTS) for row in rows)
    assert "leveraged repays" in rows[10]


def test_losses_and_isolation_are_shown(lines, report):
    text = "\n".join(lines)

    assert "Who bore which loss" in text
    assert "Debt written off in over-leveraged" in text
    for label in report.run.stage.vaults:
        assert re.search(rf"^  {label} +\d+( +0){{7}} ", text, re.MULTILINE)


def test_takes_no_longer_than_a_minute(played):
    assert played[2] < MOST_SECONDS


# -- demo.json -------------------------------------------------------------------------------------


def test_document_follows_its_schema(document):
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)

    problems = [error.message for error in Draft202012Validator(schema).iter_errors(document)]

    assert problems == []


def test_document_names_everything_by_its_address(document, report, project):
    stage = report.run.stage

    assert document["network"] == project.provider.network_choice
    assert [Decimal(it["price"]) for it in document["prices"]] == [
        it.price for it in recorded_prices()
    ]
    assert [it["label"] for it in document["vaults"]] == list(stage.vaults)
    assert [it["fund_class"] for it in document["vaults"]].count("house") == 1
    assert set(document["isolation"]) == {vault.address for vault in stage.vaults.values()}
    assert set(document["isolation"].values()) == {"0"}


def test_document_adds_up(document):
    for vault in document["vaults"]:
        written_off = sum(int(it["written_off"]) for it in vault["liquidations"])
        loss = document["losses"].get(vault["address"], {"insurance": "0", "lenders": "0"})
        assert written_off == int(loss["insurance"]) + int(loss["lenders"])


def test_written_file_is_the_document(document, tmp_path):
    path = tmp_path / "new" / "demo.json"

    outcome.write(document, path)

    assert json.loads(path.read_text()) == document


def test_it_proves_itself(played, inspected, project):
    """After the crash, on a chain that proves what it stores."""
    if project.provider.name != demo.PROVING:
        pytest.skip("needs the proofs that Anvil gives")
    audience = Audience()

    demo.tell_proof(inspected.proof, inspected.path, Voice(audience.hear))

    report = read_report(inspected.path)
    assert {it["status"] for it in report["checks"]} == {PASS}
    assert len(report["vaults"]) == len(CLIENTS)
    assert "seizure" in {it["kind"] for it in report["transfers"]}
    command = audience.lines[-1].split("ape run ")[1]
    assert Shell(None)(command).code == 0


# -- The command -----------------------------------------------------------------------------------


def test_command_tells_errors_in_one_sentence():
    words = ["ape", "run", "demo", "--network", "ethereum:local:test", "--prices", "nowhere.csv"]

    told = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)

    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith("Error: nowhere.csv cannot be read: No such file or directory;")
    assert told.stderr.count("\n") == 1


def test_command_fails_if_isolation_is_broken(monkeypatch, tmp_path):
    broken = SimpleNamespace(breaches=["careful: debt moved by 1 while another was liquidated"])
    monkeypatch.setattr(demo, "run", lambda *_: (broken, None))
    monkeypatch.setattr(demo, "write", lambda *_: None)

    with pytest.raises(click.ClickException, match="isolation is broken: careful: debt") as caught:
        demo.cli.callback(path=None, out=tmp_path / "unused.json")

    assert caught.value.exit_code == 1


def test_command_fails_if_nothing_is_proven(tmp_path):
    failed = Check("P1", "The registry is complete", FAIL, "0 ids", ("a vault is missing",))
    proof = {"checks": [failed.json()]}

    with pytest.raises(click.ClickException, match="it is not proven; .* says what is wrong"):
        demo.tell_proof(proof, tmp_path / "proof.json", Voice())


def test_command_looks_at_out_before_it_runs(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "run", lambda *_: pytest.fail("it ran"))

    with pytest.raises(click.ClickException, match="cannot be written: Is a directory; name"):
        demo.cli.callback(path=None, out=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_command_blames_out_for_nothing_else(monkeypatch, tmp_path):
    def break_down(*_):
        raise ConnectionError("the chain is gone")

    monkeypatch.setattr(demo, "run", break_down)

    with pytest.raises(ConnectionError, match="the chain is gone"):
        demo.cli.callback(path=None, out=tmp_path / "unused.json")


@pytest.mark.parametrize("choice", ["ethereum:sepolia:node", "ethereum:local:http://127.0.0.1:1"])
def test_command_runs_on_no_other_chain(choice):
    with pytest.raises(RingfenceError, match="does not run on ethereum.*; choose ethereum:local:"):
        demo.check_network(choice)

    demo.check_network("ethereum:local:foundry")


# -- Other prices ----------------------------------------------------------------------------------


def prices(*dollars):
    return tuple(Price(at * HOUR, Decimal(it)) for at, it in enumerate(dollars))


@pytest.mark.short
def test_rising_prices_harm_nobody(project, accounts, config):
    report = play(project, accounts, config, prices(2_000, 2_100))

    assert report.run.liquidations == []
    assert report.losses == {}
    assert report.breaches == []
    assert set(report.twins) == set(report.run.stage.vaults)


@pytest.mark.short
def test_a_collapse_stays_where_it_falls(project, accounts, config):
    report = play(project, accounts, config, prices(200, 30, 190, 10, 10))

    assert {"careful", "leveraged", "over-leveraged"} <= report.run.failing
    assert report.losses["careful"].lenders > 0
    assert report.breaches == []


def test_last_loan_precedes_the_deepest_fall():
    plot = plot_of(recorded_prices())

    assert plot.dip == 22
    assert list(plot.storm) == [23, 24]
    assert list(plot_of(prices(2, 1)).storm) == []


# -- Files of prices -------------------------------------------------------------------------------


def read(tmp_path, text):
    path = tmp_path / "prices.csv"
    path.write_text(text)
    return read_prices(path, Decimal(1), Decimal(100_000))


@pytest.mark.parametrize("head", ["", "unix_s,price\n", "\ufeffunix_s, price\r\n"])
def test_reads_prices_with_and_without_header(tmp_path, head):
    found = read(tmp_path, head + "1583971200,193.84\n\n1583974800,184.59\n")

    assert found == recorded_prices()[:2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,100\n3600\n", "line 2: has 1 fields; write two, unix_s,price"),
        ("0,100\nnoon,100\n", 'line 2: time "noon" is not a whole number of unix seconds'),
        ("0,100\n3600,cheap\n", 'line 2: price "cheap" is not a number; write it like 193.84'),
        ("0,100\n3600,-5\n", "line 2: price -5 is not believed by the feed; keep it from 1 to"),
        ("0,100\n3600,100.123456789\n", "line 2: price 100.123456789 has more than 8 decimal"),
        ("0,100\n3600,200000\n", "line 2: price 200000 is not believed by the feed"),
        ("0,100\n3600,10000\n", "line 2: price 10000 is 100 times or more away"),
        ("unix_s,price\n3600,100\n0,100\n", "line 3: comes -3600 seconds after the line before"),
        ("0,100\n60,100\n", "line 2: comes 60 seconds after the line before; sort the lines"),
        ("unix_s,price\n0,100\n", "has 1 prices; write two or more, like 1583971200,193.84"),
        ("4102444801,100\n", "line 1: time 4102444801 is later than 4102444800, the year 2100"),
        ("0,100\n31622401,100\n", "line 2: comes 31622401 seconds after the first line; keep a"),
        ("9" * 5_000 + ",100\n", "is later than 4102444800, the year 2100"),
        ("", "has 0 prices; write two or more, like 1583971200,193.84"),
    ],
)
def test_bad_rows_are_named_with_the_remedy(tmp_path, text, message):
    with pytest.raises(PriceFileError, match=re.escape(message)) as caught:
        read(tmp_path, text)

    assert "\n" not in str(caught.value)


def test_opening_says_where_the_price_goes():
    def told(*dollars):
        return " ".join(unstyle(line) for line in narration.opening("here", prices(*dollars)))

    assert "ETH falls from 100 dollars to 90 dollars." in told(100, 90, 120)
    assert "ETH rises from 100 dollars to 120 dollars." in told(100, 120)
    assert "ETH stays at 100 dollars." in told(100, 100)


def test_one_price_is_not_several():
    storm = plot_of(prices(100, 90, 10))
    text = " ".join(narration.rules(prices(100, 90, 10), storm))

    assert len(storm.storm) == 1
    assert "keeps them out for 1 price from" in text


def test_missing_file_is_named(tmp_path):
    with pytest.raises(PriceFileError, match="nowhere.csv cannot be read: No such file"):
        read_prices(tmp_path / "nowhere.csv", Decimal(1), Decimal(2))


def test_feed_believes_the_recorded_prices(config):
    feed = config.feeds["WETH"]

    assert all(feed.lowest < it.price < feed.highest for it in recorded_prices())
