"""Deploy a market from a config file: `ape run deploy`."""

from ringfence.cli.deploy import cli

__all__ = ["cli"]
