"""For those who test their own contracts on a market of Ringfence; `plugin` has the fixtures.

The names below are loaded when they are asked for: pytest loads the plugin in every run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.testing.isolation import Standing, assert_isolated, standing, standings
    from ringfence.testing.people import Liquidator, lend, mint

_HOMES = {
    "Liquidator": "people",
    "Standing": "isolation",
    "assert_isolated": "isolation",
    "lend": "people",
    "mint": "people",
    "standing": "isolation",
    "standings": "isolation",
}

__all__ = [
    "Liquidator",
    "Standing",
    "assert_isolated",
    "lend",
    "mint",
    "standing",
    "standings",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
