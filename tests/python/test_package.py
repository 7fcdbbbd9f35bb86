"""The package hands out its names, and loads Ape only for those that need it."""

import subprocess
import sys

import pytest

import ringfence
from ringfence import testing


def test_every_public_name_is_there():
    assert sorted(ringfence._HOMES) == sorted(ringfence.__all__)
    for name in ringfence.__all__:
        assert getattr(ringfence, name).__name__ == name
    assert sorted(testing._HOMES) == sorted(testing.__all__)
    for name in testing.__all__:
        assert getattr(testing, name).__name__ == name


@pytest.mark.parametrize("module", ["model.vault", "testing.plugin"])
def test_what_needs_no_ape_loads_none(module):
    """The model stands alone, and pytest loads the plugin in each run of whoever has it."""
    probe = f"import sys, ringfence.{module}; sys.exit('ape' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
