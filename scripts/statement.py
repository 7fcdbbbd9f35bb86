"""Write a client's statement: `ape run statement`."""

from ringfence.cli.statement import cli

__all__ = ["cli"]
