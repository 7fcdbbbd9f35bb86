"""Compare the books of a market with its chain: `ape run reconcile`."""

from ringfence.cli.reconcile import cli

__all__ = ["cli"]
