"""Everything that can go wrong, in words that say what to do about it."""

from __future__ import annotations

from collections.abc import Sequence


class RingfenceError(Exception):
    """Base of all errors of this package; its text is one line, or one per problem."""


class ConfigError(RingfenceError):
    """A market configuration cannot be meant; each problem names key, value and remedy."""

    def __init__(self, problems: Sequence[str], source: str = "market configuration") -> None:
        self.problems = tuple(problems)
        self.source = source
        super().__init__("\n".join(f"{source}: {problem}" for problem in self.problems))


class DeploymentError(RingfenceError):
    """A market could not be deployed as configured."""


class ManifestError(RingfenceError):
    """A deployment manifest is missing, torn, or of another chain."""


class AmountError(RingfenceError):
    """An amount cannot be meant: of the wrong token, too fine, or more than there is."""


# -- Refusals of the contracts ---------------------------------------------------------------------


class Refused(RingfenceError):
    """A contract refused a call.

    `reason` is what the contract said, `advice` what to do about it.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        self.reason = reason
        self.advice = advice
        super().__init__(f"{reason}: {advice}" if advice else reason)


class NotAuthorised(Refused):
    """The sender lacks the role that the call needs."""


class OutOfOrder(Refused):
    """An argument is out of its range, or comes at the wrong time."""


class Paused(Refused):
    """A pause, a stop or a hold is in force; it lapses or is lifted."""


class LimitReached(Refused):
    """Cash, a cap or a debt limit of the market stands in the way."""


class NotEnoughMargin(Refused):
    """The collateral would not carry the debt."""


class DeadPrice(Refused):
    """A price that matters is stale, absurd or missing."""


class NotEnoughTokens(Refused):
    """A balance or an allowance is too low."""


class TransferFailed(Refused):
    """A token did not move as it was told to."""


class NotLiquidatable(Refused):
    """This liquidation may not happen, or not like this."""


class WrongSetup(Refused):
    """Contracts or parameters do not fit together; seen only while deploying."""


class BrokenPromise(Refused):
    """A check that never fails unless another part of the system is broken."""
