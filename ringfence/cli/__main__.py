"""`ringfence NOUN VERB`: the commands of `ape run`, wherever the package is installed."""

from __future__ import annotations

from importlib import import_module, metadata

import click

NOUNS = (
    "dashboard",
    "deploy",
    "fund",
    "hold",
    "ledger",
    "liquidate",
    "margin",
    "market",
    "mint",
    "params",
    "pause",
    "performance",
    "pool",
    "price",
    "reconcile",
    "roles",
    "segregation",
    "statement",
    "vault",
)


class Nouns(click.Group):
    """Commands that are loaded when they are asked for: Ape takes a second to start."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return what there is."""
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one of them."""
        if cmd_name not in NOUNS:
            return None
        command: click.Command = import_module(f"ringfence.cli.{cmd_name}").cli
        return command


def tell_version(ctx: click.Context, param: click.Parameter, is_asked: bool) -> None:
    """Say which package this is, and what its contracts are made of."""
    if not is_asked:
        return

    from ringfence.building import is_fresh
    from ringfence.carried import contracts, origin_of
    from ringfence.cli.desk import plainly

    click.echo(f"ringfence {metadata.version('ringfence')}")
    with plainly():
        project = contracts()
        for name, value in vars(origin_of(project)).items():
            click.echo(f"{name:<8} {value}")
    if not is_fresh(project.path):
        click.echo("the sources have changed since they were compiled; run make compile", err=True)
    ctx.exit()


@click.group(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=tell_version,
    help="Show the version, and what the contracts are made of.",
)
def main() -> None:
    """Segregated margin vaults: deploy markets, open vaults, borrow, watch and liquidate.

    Exit codes: 0 done, 1 failed, 2 not understood, 10 accounts do not agree, 11 a vault is
    under-margined, 12 a proof does not hold, 13 a price is dead.
    """


if __name__ == "__main__":
    main()
