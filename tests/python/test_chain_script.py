"""A chain that stays, used by one process after another."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ringfence.anvil import free_port
from ringfence.manifest import Manifest
from scripts.chain import forget

APE = Path(sys.executable).parent / "ape"
LIMIT = 120  # [s] for whatever a slow machine may take

pytestmark = pytest.mark.skipif(shutil.which("anvil") is None, reason="anvil is not on PATH")


def assert_free(port):
    """Nothing listens on a port any more."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.1)
    pytest.fail(f"something still listens on port {port}")


def ape_run(project, *words):
    """Type a command in a process of its own."""
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.Popen(
        [str(APE), "run", *map(str, words)],
        cwd=project.path,
        env=environment,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.fixture(scope="module", autouse=True)
def on_anvil(project):
    """Once is enough: the chain is Anvil whatever the tests run on."""
    if project.provider.name != "foundry":
        pytest.skip("runs with the suite on Anvil")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("deployments")


@pytest.fixture(scope="module")
def kept(project, folder):
    """A running `ape run chain`: the process, its port, and what it said."""
    port = free_port()
    process = ape_run(project, "chain", "--port", port, "--manifests", folder)
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ctrl-C"):
            break
    yield process, port, "".join(said)
    if process.poll() is None:
        process.terminate()
        process.wait(LIMIT)


@pytest.fixture(scope="module")
def typed(project, folder, kept):
    """Type a command for the kept chain; the last of these tests stops it."""

    def act(line):
        network = f"ethereum:local:http://127.0.0.1:{kept[1]}"
        words = [*line.split(), "--network", network, "--manifests", folder]
        process = ape_run(project, *words)
        text, _ = process.communicate(timeout=LIMIT)
        return process.returncode, text

    return act


def test_chain_says_what_stands_where_and_what_to_type(kept):
    _, port, said = kept

    assert f"ethereum:local:http://127.0.0.1:{port} is up" in said
    assert re.search(r"factory +0x[0-9a-fA-F]{40}", said)
    assert f"ape run vault open alpha --network ethereum:local:http://127.0.0.1:{port}" in said


def test_what_one_command_does_the_next_one_sees(typed):
    opened, _ = typed("vault open alpha --account TEST::6 -y")
    deposited, text = typed("vault deposit alpha 100 WETH --account TEST::6 -y")
    shown, state = typed("vault show alpha")

    assert (opened, deposited, shown) == (0, 0, 0)
    assert "available  0.00 USD → 15,507.20 USD" in text
    assert "Traceback" not in text + state
    assert "100 WETH, at 193.84 USD" in state


def test_refusal_is_one_line(typed):
    code, text = typed("vault borrow alpha 999,999 --account TEST::6 -y")

    assert code == 1
    assert text.startswith("Error: vault: not enough margin: ")
    assert len(text.splitlines()) == 1


def test_refused_liquidation_is_one_line_with_its_advice(typed):
    typed("vault borrow alpha 14,000 --account TEST::6 -y")
    typed("price WETH 155 --account TEST::6 -y")

    dead, other = typed("liquidate alpha --token DAI --account TEST::9 -y")
    tiny, part = typed("liquidate alpha --token WETH --max 0.000001 --account TEST::9 -y")

    assert (dead, tiny) == (1, 1)
    assert other == ("Error: engine: token not enabled: pick a token that the vault has enabled\n")
    assert part.startswith("Error: pool: repays nothing: repay more")
    assert len(part.splitlines()) == 1


def test_second_chain_says_that_the_port_is_taken(project, folder, kept):
    process = ape_run(project, "chain", "--port", kept[1], "--manifests", folder)
    text, _ = process.communicate(timeout=LIMIT)

    assert process.returncode == 1
    assert f"port {kept[1]} on 127.0.0.1 is taken" in text


def test_second_chain_leaves_the_record_of_the_first(project, folder, kept, typed):
    (path,) = folder.rglob("demo.json")
    before = path.read_text()

    process = ape_run(project, "chain", "--port", free_port(), "--manifests", folder)
    text, _ = process.communicate(timeout=LIMIT)

    assert process.returncode == 1
    assert f"is the record of a market that stands at http://127.0.0.1:{kept[1]}; stop" in text
    assert path.read_text() == before


def test_closing_the_terminal_stops_it(project, tmp_path):
    port = free_port()
    process = ape_run(project, "chain", "--port", port, "--manifests", tmp_path)
    assert "is up" in process.stdout.readline()

    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=LIMIT)

    assert process.returncode == 0
    assert_free(port)


def test_interrupt_stops_it_cleanly(folder, kept, typed):
    process, port, _ = kept

    process.send_signal(signal.SIGINT)
    text, _ = process.communicate(timeout=LIMIT)

    assert process.returncode == 0
    assert "The chain is stopped" in text
    assert "Traceback" not in text
    assert not list(folder.rglob("*.json"))
    assert_free(port)
    code, text = typed("vault show")
    assert code == 1
    assert text.startswith("Error: no chain answers at this --network")


def test_only_its_own_record_is_removed(tmp_path):
    ours = manifest("http://127.0.0.1:1")
    theirs = manifest("http://127.0.0.1:2")
    path = theirs.write(tmp_path)

    forget(path, ours)
    is_left = path.exists()
    forget(path, theirs)

    assert is_left
    assert not path.exists()


def manifest(node):
    return Manifest("demo", "USD", 1337, "0x", "0x", "0x", 0, "", "", "", True, (), node)
