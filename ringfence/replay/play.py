"""The whole replay: both runs on one chain, what is said meanwhile, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from click import style

from ringfence.replay import narration, tables
from ringfence.replay.clients import clients_at, plot_of
from ringfence.replay.prices import Price
from ringfence.replay.quiet import quiet
from ringfence.replay.report import Report, compare
from ringfence.replay.run import Run, replay
from ringfence.replay.stage import Stage, set_stage

if TYPE_CHECKING:
    from ape.api import AccountAPI

    from ringfence.config import MarketConfig
    from ringfence.market import Market


@dataclass(frozen=True)
class Voice:
    """How the replay speaks: whole lines, and progress that the next line may overwrite."""

    say: Callable[[str], None] = lambda _: None
    progress: Callable[[str], None] = lambda _: None

    def chapter(self, title: str) -> None:
        """Begin a new part."""
        self.say("")
        self.say(style(title, bold=True))


def play(
    project: Any,
    accounts: Sequence[AccountAPI],
    config: MarketConfig,
    prices: Sequence[Price],
    voice: Voice | None = None,
    inspect: Callable[[Market], None] = lambda _: None,
) -> Report:
    """Replay prices twice, with and without the vaults that fail, and compare.

    :param project: Ape project that holds the contract types, connected to a local chain.
    :param accounts: the test accounts of that chain.
    :param inspect: called with the market at the end of the first run.
    """
    voice = voice or Voice()
    with quiet():
        _open(project, prices, voice)
        voice.progress("deploying the market and funding everybody")
        stage = set_stage(project, accounts, config, clients_at(prices[0].price), len(prices))
        fresh = project.chain_manager.snapshot()
        run = _first_run(stage, prices, voice)
        inspect(stage.market)
        project.chain_manager.restore(fresh)
        report = compare(run, _second_run(stage, prices, run, voice))
    _close(report, voice)
    return report


def _open(project: Any, prices: Sequence[Price], voice: Voice) -> None:
    for line in narration.opening(project.provider.network_choice, prices):
        voice.say(line)
    voice.say("")
    for line in narration.cast(clients_at(prices[0].price)):
        voice.say(line)
    voice.say("")
    for line in narration.rules(prices, plot_of(prices)):
        voice.say(line)
    voice.say("")


def _first_run(stage: Stage, prices: Sequence[Price], voice: Voice) -> Run:
    voice.say(narration.heading(list(stage.vaults)))
    return replay(
        stage, prices, report=lambda hour: voice.say(narration.hour_line(stage.config, hour))
    )


def _second_run(stage: Stage, prices: Sequence[Price], run: Run, voice: Voice) -> Run:
    failing = [label for label in stage.vaults if label in run.failing]
    voice.say("")
    voice.say(narration.second_run(failing))
    return replay(
        stage,
        prices,
        earlier=run,
        report=lambda hour: voice.progress(f"price {hour.at + 1} of {len(prices)}"),
    )


def _close(report: Report, voice: Voice) -> None:
    voice.chapter("Who bore which loss, in USDC")
    for line in [*tables.losses(report), *tables.lenders(report)]:
        voice.say(line)
    voice.chapter("Isolation: how far each vault moved")
    for line in tables.isolation(report):
        voice.say(line)
