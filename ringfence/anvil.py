"""An Anvil of one's own: started on a port, stopped politely."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

from ringfence.exceptions import RingfenceError

HOST = "127.0.0.1"
START_LIMIT = 30  # [s] for Anvil to answer


@contextlib.contextmanager
def running(port: int, *options: str) -> Iterator[str]:
    """Start Anvil, yield its address, and stop it.

    :raises RingfenceError: if it is not installed, or does not start.
    """
    binary = shutil.which("anvil")
    if binary is None:
        raise RingfenceError("anvil is not on PATH; make setup installs it, or npm, or Foundry")
    process = subprocess.Popen(
        [binary, "--host", HOST, "--port", str(port), "--silent", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C ends us first, and we end it
    )
    try:
        _await(process, port)
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(timeout=START_LIMIT)


def is_taken(port: int) -> bool:
    """Tell whether something listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    """Return a port on which nobody listens yet."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until Anvil listens."""
    for _ in range(START_LIMIT * 10):
        if process.poll() is not None:  # such as because somebody else took the port
            raise RingfenceError(f"anvil ended with exit code {process.returncode}")
        if is_taken(port):
            return
        time.sleep(0.1)
    raise RingfenceError(f"anvil does not answer on port {port} after {START_LIMIT} s")
