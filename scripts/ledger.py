"""Keep the books of a market: `ape run ledger`."""

from ringfence.cli.ledger import cli

__all__ = ["cli"]
