"""Who governs a market, and how an office or its ownership passes on: `ape run roles`."""

from ringfence.cli.roles import cli

__all__ = ["cli"]
