"""Replay 12 March 2020 on real contracts and show that no vault pays for another."""

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import click
from ape import accounts, project
from ape.cli import ConnectedProviderCommand
from ape.exceptions import ApeException
from ape.logging import LogLevel, logger

from ringfence.config import MarketConfig
from ringfence.exceptions import RingfenceError
from ringfence.replay import report as outcome
from ringfence.replay.play import Voice, play
from ringfence.replay.prices import read_prices, recorded_prices
from ringfence.segregation.checks import FAIL, Check
from ringfence.segregation.files import digest
from scripts._proof import prove
from scripts._site import write_site

CONFIG = Path(__file__).parent / "config" / "demo.toml"
OUT = Path("out", "demo.json")
PROVING = "foundry"  # the provider whose chain proves what it stores
NETWORKS = tuple(f"ethereum:local:{name}" for name in ("test", "foundry", "hardhat"))


class QuietCommand(ConnectedProviderCommand):
    """A command under which Ape starts its chain without telling."""

    def invoke(self, ctx):
        logger.set_level(LogLevel.ERROR)  # for good: Ape stops its chain after the command
        return super().invoke(ctx)


def console():
    """Speak to the terminal; progress only where it can be overwritten, colour unless refused."""
    color = False if os.environ.get("NO_COLOR") else None
    is_terminal = sys.stdout.isatty()
    wipe = "\r\x1b[2K" if is_terminal else ""

    def progress(text):
        if is_terminal:
            sys.stdout.write(f"{wipe}{text} ...")
            sys.stdout.flush()

    def say(text):
        sys.stdout.write(wipe)
        click.echo(text, color=color)

    return Voice(say, progress)


@click.command(cls=QuietCommand, short_help="Replay 12 March 2020")
@click.option(
    "--prices",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV of unix_s,price to replay instead of the hourly closes of 12 March 2020.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    default=OUT,
    show_default=True,
    help="Where the outcome is written.",
)
def cli(path, out):
    """Replay a day of ETH prices through vaults that borrow, on a local chain.

    With the recorded prices one vault is liquidated in steps, one ends in bad debt, and the others
    lose nothing. The outcome is also written as JSON.
    """
    started = time.monotonic()
    voice = console()
    try:
        with writing(out):
            check_writable(out)
        report, proof = run(path, voice, out)
        with writing(out):
            write(report, out)
    except (RingfenceError, ApeException) as error:
        raise click.ClickException(str(error)) from None
    if report.breaches:
        raise click.ClickException(f"isolation is broken: {'; '.join(report.breaches)}")
    if proof is not None:
        tell_proof(proof, proof_path(out), voice)
    voice.say("")
    site = site_path(out)
    voice.say(
        f"Open {site / 'index.html'} in a browser: the market; {site / 'statements'} has what"
    )
    voice.say("each owner would get. They need no server and no network.")
    voice.say(f"No other vault paid a unit. {out} has it all; {time.monotonic() - started:.0f} s.")


@contextmanager
def writing(out):
    """Tell what is wrong with the file that is to be written."""
    try:
        yield
    except OSError as error:
        raise RingfenceError(
            f"{out} cannot be written: {error.strerror}; name another file with --out"
        ) from None


def check_writable(out):
    """Find out before the replay, not after it, whether its outcome can be kept."""
    out.parent.mkdir(parents=True, exist_ok=True)
    is_new = not out.exists()
    with out.open("ab"):
        pass
    if is_new:
        out.unlink()


def run(path, voice, out):
    """Replay the prices of a file, or those recorded; return what came of it, and on a chain that
    proves what it stores the proof that vaults are apart, after all of it.
    """
    check_network(project.provider.network_choice)
    config = MarketConfig.load(CONFIG)
    feed = config.feeds["WETH"]
    prices = read_prices(path, feed.lowest, feed.highest) if path else recorded_prices()
    proofs = []

    def inspect(market):
        if market.provider.name == PROVING:
            voice.progress("proving that the vaults are apart")
            proofs.append(prove(market, proof_path(out)))
        voice.progress("writing pages and statements")
        with writing(site_path(out)):
            write_site(market, site_path(out), digest(proofs[0]) if proofs else None)

    report = play(project, accounts.test_accounts, config, prices, voice, inspect)
    return report, next(iter(proofs), None)


def site_path(out):
    """Where the pages belong: beside the outcome, too."""
    return out.with_name("site")


def proof_path(out):
    """Where the proof belongs: beside the outcome."""
    return out.with_name(f"{out.stem}-segregation.json")


def tell_proof(proof, path, voice):
    """Say what is proven, and how anybody sees it for himself."""
    voice.chapter("Proof that the vaults are apart, at the end of the first run")
    for check in map(Check.read, proof["checks"]):
        voice.say(f"{check.id:<6} {check.status:<8} {check.title}: {check.evidence}")
    if any(it["status"] == FAIL for it in proof["checks"]):
        raise click.ClickException(f"it is not proven; {path} says what is wrong")
    root = proof["block"]["state_root"]
    voice.say(
        f"Repeat it without a node: ape run segregation verify {path} --offline --state-root {root}"
    )


def check_network(choice):
    """The demo mints its own money and moves the clock: only on a chain that ends with it."""
    if choice not in NETWORKS:
        raise RingfenceError(f"the demo does not run on {choice}; choose {', '.join(NETWORKS)}")


def write(report, out):
    """Write the outcome as JSON."""
    provider = project.provider
    version = provider.web3.client_version
    outcome.write(outcome.document(report, provider.network_choice, version), out)
