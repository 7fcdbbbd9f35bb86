"""Show how a vault did: `ape run performance`."""

from ringfence.cli.performance import cli

__all__ = ["cli"]
