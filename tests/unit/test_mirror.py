"""Each contract source has a file of the model that says so."""

import pytest

import ringfence.model
from tests.sources import CONTRACTS, REAL

MODEL = "\n".join(
    path.read_text() for path in CONTRACTS.parent.joinpath("ringfence", "model").glob("*.py")
)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.relative_to(CONTRACTS).as_posix())
def test_names_each_source(path):
    assert f"`{path.relative_to(CONTRACTS).as_posix()}`" in MODEL


def test_the_exception_is_told():
    assert "`MarginLens.vy` and `permit` have no mirror" in ringfence.model.__doc__
