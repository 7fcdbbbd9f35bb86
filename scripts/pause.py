"""Pause a market, lower a pause, and resume borrowing after losses: `ape run pause`."""

from ringfence.cli.pause import cli

__all__ = ["cli"]
