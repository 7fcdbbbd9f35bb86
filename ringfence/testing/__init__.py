"""For those who test their own contracts on a market of Ringfence; `plugin` has the fixtures.

The names below are loaded when they are asked for: pytest loads the plugin in every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.lazily import names_of

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

__getattr__ = names_of(__name__, _HOMES)
