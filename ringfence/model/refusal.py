"""What the model raises where a contract reverts."""


class Refused(Exception):
    """A call that the contract reverts, with the contract's own reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Overflow(Refused):
    """Arithmetic that leaves its type or divides by zero; the contract reverts without a reason."""

    def __init__(self) -> None:
        super().__init__("")


def check(condition: bool, reason: str) -> None:
    """Refuse with `reason` unless `condition` holds."""
    if not condition:
        raise Refused(reason)
