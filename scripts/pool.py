"""Lend to the pool of a market, and take it back: `ape run pool`."""

from ringfence.cli.pool import cli

__all__ = ["cli"]
