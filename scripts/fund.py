"""The insurance fund of a market: `ape run fund`."""

from ringfence.cli.fund import cli

__all__ = ["cli"]
