"""The wheel as people get it: in a fresh environment, away from the sources.

`pip` takes everything else from the package index; only the versions are ours.
"""

import os
import shutil
import subprocess
import sys

import pytest
import yaml

from scripts._proof import prove
from tests.readme import ROOT, block

EXAMPLE = ROOT / "tests" / "example_project"
WORKFLOW = ".github/workflows/test.yml"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def once(project):
    """The chains that people use here are their own, so one run of the suite is enough."""
    if project.provider.name != "foundry":
        pytest.skip("runs with the suite on Anvil")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("away")


@pytest.fixture(scope="module")
def shell(place):
    """Run a line in a folder, with an environment and a home of its own; it must succeed."""
    environment = place / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    ours = ("APE_", "VVM_", "VIRTUAL_ENV", "PYTHON", "MAKE")
    variables = {name: it for name, it in os.environ.items() if not name.startswith(ours)}
    variables |= {
        "HOME": str(place),
        "PATH": f"{environment / 'bin'}:{os.environ['PATH'].split(':', 1)[1]}",
        "PIP_CACHE_DIR": cache_of_pip(),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }

    def run(line, folder):
        words = ["bash", "-euc", line]
        done = subprocess.run(
            words, cwd=folder, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"$ {line}\n{done.stdout}{done.stderr}"
        return done.stdout

    return run


def cache_of_pip():
    """What was downloaded for the suite need not be downloaded again."""
    words = [sys.executable, "-m", "pip", "cache", "dir"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def wheels(place):
    """A folder with the wheel of these sources, and the versions it was tested with."""
    folder = place / "wheels"
    subprocess.run([ROOT / ".ci" / "wheel", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def installed(shell, wheels, place):
    """The wheel alone; nothing with which contracts could be compiled comes with it."""
    shell("pip install -q wheels/ringfence-*.whl --constraint wheels/constraints.txt", place)
    probe = "import importlib.util as it; print([it.find_spec(n) for n in ('vyper', 'ape_vyper')])"
    assert shell(f'python -c "{probe}"', place) == "[None, None]\n"


@pytest.fixture
def empty(installed, tmp_path):
    """An empty folder, where the wheel is installed."""
    return tmp_path


def test_a_market_is_deployed_and_a_vault_opened_from_python(shell, empty):
    example = block("python", "From Python")
    (empty / "try.py").write_text(example + "    print(vault.margin.available_funds)\n")

    assert shell("python try.py", empty).splitlines()[-1] == "15507.200000000000000000"


def test_a_market_is_deployed_by_a_command(shell, empty):
    command = "ringfence deploy demo --network ethereum:local:test --account TEST::0"

    assert f"{command}\n" in block("sh", "In your own project")
    assert "market demo stands; its factory is 0x" in shell(f"{command} -y", empty)


def test_fixtures_are_there(shell, empty):
    (empty / "test_mine.py").write_text(block("python", "Tests of your own"))

    assert "1 passed" in shell("pytest --network ethereum:local:test", empty)


def test_an_outsider_repeats_a_proof(shell, empty, market, indebted):
    """With the wheel, a report and a root; no node, no ledger, no manifest."""
    report = prove(market, empty / "report.json")
    command = "ringfence segregation verify report.json --offline --state-root"

    said = shell(f"{command} {report['block']['state_root']}", empty)
    assert "  P3         pass  " in said
    assert " fail " not in said


def test_pages_have_their_templates_and_styles(shell, empty):
    asked = """
    from pathlib import Path
    from ringfence.cli.dashboard import pages
    from ringfence.cli.desk import Desk
    desk = Desk(market, block=networks.provider.get_block("latest").number)
    print(b"<svg" in pages(desk, (), Path("none"), None)[f"vaults/{vault.address}.html"])
"""
    (empty / "try.py").write_text(block("python", "From Python") + asked)

    assert shell("python try.py", empty).splitlines()[-1] == "True"


def test_the_workflow_of_the_example_project_passes(shell, wheels, installed, tmp_path):
    if shutil.which("npm") is None:
        pytest.skip("npm is not on PATH")
    mine = shutil.copytree(EXAMPLE, tmp_path / "mine")
    shutil.copytree(wheels, mine / "wheels")
    steps = yaml.safe_load((mine / WORKFLOW).read_text())["jobs"]["test"]["steps"]
    lines = [step["run"] for step in steps if "run" in step]

    said = [shell(line, mine) for line in lines]

    assert len(lines) == 3
    assert " passed" in said[-1]
    assert "ethereum:local:foundry" in lines[-1]
