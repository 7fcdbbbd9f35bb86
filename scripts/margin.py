"""How close vaults are to liquidation: `ape run margin`."""

from ringfence.cli.margin import cli

__all__ = ["cli"]
