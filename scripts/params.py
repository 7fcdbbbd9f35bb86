"""Make a market as a configuration says: `ape run params`."""

from ringfence.cli.params import cli

__all__ = ["cli"]
