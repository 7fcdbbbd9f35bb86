"""A client's statement: what a vault had, what happened to it, and what it came to."""
