"""Hold a vault, as the compliance officer: `ape run hold`."""

from ringfence.cli.hold import cli

__all__ = ["cli"]
