"""An Anvil of one's own: started on a port, stopped politely."""

import contextlib
import shutil
import signal
import socket
import subprocess
import time

import click
from ape import accounts

from ringfence.exceptions import RingfenceError

HOST = "127.0.0.1"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # SIGHUP: the terminal was closed
START_LIMIT = 30  # [s] for Anvil to answer


@contextlib.contextmanager
def anvil(port, chain_id, *more):
    """Start Anvil, yield its address, and stop it."""
    binary = shutil.which("anvil")
    if binary is None:
        raise RingfenceError("anvil is not on PATH; make setup installs it")
    wallet = accounts.test_accounts
    process = subprocess.Popen(
        [binary, "--host", HOST, "--port", str(port), "--hardfork", "cancun", "--silent"]
        + ["--chain-id", str(chain_id), *more]
        + ["--mnemonic", wallet.mnemonic, "--accounts", str(wallet.number_of_accounts)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C ends us first, and we end it
    )
    try:
        await_port(process, port)
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(timeout=START_LIMIT)


def check_port(port):
    """Refuse a port on which somebody else listens."""
    if is_taken(port):
        raise RingfenceError(
            f"port {port} on {HOST} is taken: another make chain or make testnet may be running;"
            " stop it, or choose another port with --port"
        )


def is_taken(port):
    """Tell whether something listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def await_port(process, port):
    """Wait until Anvil listens."""
    for _ in range(START_LIMIT * 10):
        if is_taken(port):
            return
        if process.poll() is not None:
            raise RingfenceError(f"anvil ended with exit code {process.returncode}")
        time.sleep(0.1)
    raise RingfenceError(f"anvil does not answer on port {port} after {START_LIMIT} s")


@contextlib.contextmanager
def until_stopped():
    """End what is within on Ctrl-C and on a polite kill alike; Ape would end all there and then."""

    def interrupt(*_):
        raise KeyboardInterrupt

    handlers = {number: signal.signal(number, interrupt) for number in STOPS}
    try:
        yield
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):  # the terminal may be gone
            click.echo()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def stay(provider, period, refresh, command):
    """Stay until the chain ends, and refresh its prices each period [s]."""
    refreshed = time.monotonic()
    while provider.is_connected:
        time.sleep(1)
        if time.monotonic() - refreshed > period:
            refreshed = time.monotonic()
            refresh()
    raise RingfenceError(f"anvil has ended; start {command} again")
