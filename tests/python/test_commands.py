"""The console command, and words that all commands share."""

import importlib

import click
import pytest
from click.testing import CliRunner

from ringfence.building import digest
from ringfence.cli.__main__ import NOUNS, main
from ringfence.cli.words import ADDRESS


def test_the_console_command_mirrors_the_scripts():
    told = CliRunner().invoke(main, ["--help"]).output

    for noun in NOUNS:
        assert importlib.import_module(f"scripts.{noun}").cli is main.get_command(None, noun)
        assert f"\n  {noun} " in told
    assert main.get_command(None, "nobody") is None


def test_the_version_names_what_the_contracts_are_made_of(project):
    told = CliRunner().invoke(main, ["--version"])

    assert told.exit_code == 0
    assert told.output.startswith("ringfence 0.1.0\ncompiler vyper 0.4.3\ncommit ")
    assert told.output.endswith(f"sources  {digest(project.path)}\n")


def test_each_command_says_what_it_is():
    for noun in NOUNS:
        command = main.get_command(None, noun)
        for verb in [command, *getattr(command, "commands", {}).values()]:
            assert verb.help, verb.name
            for option in verb.params:
                assert isinstance(option, click.Argument) or option.help, (verb.name, option.name)


def test_the_table_of_exit_codes_is_one():
    from ringfence.cli import exits

    codes = {value for name, value in vars(exits).items() if name.isupper()}
    assert codes == {0, 1, 2, 10, 11, 12, 13}
    assert all(f" {code} " in main.help for code in codes)


def test_an_account_is_named_by_its_alias_or_in_hex(accounts):
    def named(word):
        return ADDRESS.convert(word, None, None)

    assert named("TEST::7") == accounts[7].address
    assert named(accounts[7].address.lower()) == accounts[7].address
    for word in ("TEST::99", "TEST::", "nobody", "0x12"):
        with pytest.raises(click.BadParameter, match=f'"{word}" is no address, and no account'):
            named(word)
