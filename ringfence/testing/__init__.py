"""For those who test their own contracts on a market of Ringfence; `plugin` has the fixtures."""

from ringfence.testing.isolation import Standing, assert_isolated, standing, standings
from ringfence.testing.people import Liquidator

__all__ = ["Liquidator", "Standing", "assert_isolated", "standing", "standings"]
