"""Chains of one's own, that stay until they are stopped."""

import contextlib
import signal
import time

import click
from ape import accounts

from ringfence.anvil import HOST, is_taken, running
from ringfence.exceptions import RingfenceError

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # SIGHUP: the terminal was closed


def anvil(port, chain_id, *more):
    """Start Anvil with Ape's test accounts, yield its address, and stop it."""
    wallet = accounts.test_accounts
    people = ("--mnemonic", wallet.mnemonic, "--accounts", str(wallet.number_of_accounts))
    return running(port, "--hardfork", "cancun", "--chain-id", str(chain_id), *more, *people)


def check_port(port):
    """Refuse a port on which somebody else listens."""
    if is_taken(port):
        raise RingfenceError(
            f"port {port} on {HOST} is taken: another make chain or make testnet may be running;"
            " stop it, or choose another port with --port"
        )


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
