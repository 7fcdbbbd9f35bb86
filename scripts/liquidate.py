"""Liquidate a vault that is short: `ape run liquidate`."""

from ringfence.cli.liquidate import cli

__all__ = ["cli"]
