"""Open vaults, look at them, and move money in and out: `ape run vault`."""

from ringfence.cli.vault import cli

__all__ = ["cli"]
