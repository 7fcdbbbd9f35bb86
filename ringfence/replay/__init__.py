"""A day of real prices, lived through by real contracts: what `ape run demo` shows."""
