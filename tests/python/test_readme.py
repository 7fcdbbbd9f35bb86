"""The examples that README gives, run as they stand there."""

import re
import shlex

import pytest
from ape.utils.testing import DEFAULT_TEST_CHAIN_ID

from ringfence.segregation.files import NAME
from scripts import testnet
from scripts.chain import fund
from tests.python.commands import Shell
from tests.readme import README, ROOT, block, blocks

WORKFLOW = ROOT / "tests" / "example_project" / ".github" / "workflows" / "test.yml"


def test_the_tour_says_what_is_shown(market, tmp_path):
    market.manifest.write(tmp_path)
    fund(market)
    said, compared = "", 0
    for language, text in blocks("Hands on"):
        if language == "sh":
            for line in commands(text):
                said = typed(tmp_path, line, 0)
            continue
        if text.startswith("$ "):
            line, text = text.split("\n", 1)
            said = typed(tmp_path, line.removeprefix("$ "), 1)
        assert without_addresses(text) in without_addresses(said)
        compared += 1

    assert compared == 2
    assert "market demo" in said or "lent and free" in said


def test_the_proof_is_made_and_verified(market, indebted, tmp_path, monkeypatch):
    """As on the chain of `make chain`, whose reports and ledger come to lie in the folder."""
    if market.provider.name != "foundry":
        pytest.skip("needs the proofs that Anvil gives")
    market.manifest.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    there, here = (
        NAME.format(chain_id=it, name=market.name, number=1)
        for it in (DEFAULT_TEST_CHAIN_ID, market.provider.chain_id)
    )

    (text,) = [it for language, it in blocks("Proof that nothing is mixed") if language == "sh"]
    for line in commands(text):
        said = typed(tmp_path, line.replace(there, here), 0)

    assert len(commands(text)) == 3
    assert f" out/segregation/{there} " in text
    assert "all together " in said


def test_the_pages_are_written(market, vault, tmp_path, monkeypatch):
    market.manifest.write(tmp_path)
    fund(market)
    monkeypatch.chdir(tmp_path)
    for line in tour():
        typed(tmp_path, line, 0)

    (text,) = [it for language, it in blocks("What owners and operators see") if language == "sh"]
    said = [typed(tmp_path, line, 0) for line in commands(text)]

    assert "time-weighted" in said[0]
    assert len(list(tmp_path.glob("out/statements/*.html"))) == 1
    assert (tmp_path / "out" / "site" / "index.html").stat().st_size > 10_000


def tour():
    """The commands that the tour begins with."""
    first = next(text for language, text in blocks("Hands on") if language == "sh")
    return commands(first)


def commands(text):
    """The lines that are commands of this project."""
    return [line for line in text.splitlines() if line.startswith("ape run ")]


def typed(folder, line, code):
    """What a line says, without what belongs to another chain than that of the tests."""
    words, _, account = line.removeprefix("ape run ").replace(" $ON", "").partition(" --account ")
    outcome = Shell(folder)(shlex.split(words), account or None)
    assert outcome.code == code, (line, outcome.text)
    return outcome.text


def without_addresses(text):
    return re.sub("0x[0-9a-fA-F]{40}", "0x", text)


def test_what_a_variable_has_is_one_word():
    """For zsh, which does not split it."""
    lines = [*README.read_text().splitlines(), *testnet.tour("ethereum:sepolia:http://host")]
    options = [match[1] for line in lines if (match := re.fullmatch('export ON="(.*)"', line))]

    assert len(options) == 3
    assert not any(" " in it for it in options)


def test_the_python_example_runs(chain):
    said = {}
    exec(block("python", "From Python"), said)  # it asserts what it got

    assert said["market"].name == "demo"


def test_the_workflow_is_that_of_the_example_project():
    assert block("yaml", "Tests of your own") == WORKFLOW.read_text()
