"""The package hands out its names, and loads Ape only for those that need it."""

import subprocess
import sys

import ringfence


def test_every_public_name_is_there():
    assert sorted(ringfence._HOMES) == sorted(ringfence.__all__)
    for name in ringfence.__all__:
        assert getattr(ringfence, name).__name__ == name


def test_model_loads_no_ape():
    probe = "import sys, ringfence.model.vault; sys.exit('ape' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
