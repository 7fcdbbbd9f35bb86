"""Make up mock tokens: `ape run mint`."""

from ringfence.cli.mint import cli

__all__ = ["cli"]
