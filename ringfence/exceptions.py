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
