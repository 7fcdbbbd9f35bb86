"""Which markets there are, and where their contracts stand: `ape run market`."""

from ringfence.cli.market import cli

__all__ = ["cli"]
