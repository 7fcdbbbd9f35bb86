"""Show a market and its vaults as pages: `ape run dashboard`."""

from ringfence.cli.dashboard import cli

__all__ = ["cli"]
