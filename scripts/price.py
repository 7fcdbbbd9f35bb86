"""Move the price of a mock feed: `ape run price`."""

from ringfence.cli.price import cli

__all__ = ["cli"]
