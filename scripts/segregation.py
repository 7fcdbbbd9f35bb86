"""Prove segregation, and look whether a proof holds: `ape run segregation`."""

from ringfence.cli.segregation import cli

__all__ = ["cli"]
