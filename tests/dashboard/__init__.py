"""A client that says what it likes to a server on this machine."""

import contextlib
import socket
import time
from types import SimpleNamespace

LONG = 20  # [s] that nothing takes unless something is wrong


def connect(server, kept=None):
    """Return a connection; `kept` is what this end buffers unread. [byte]"""
    client = socket.socket()
    client.settimeout(LONG)
    if kept is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, kept)
    client.connect(("127.0.0.1", server.port))
    return client


def rest_of(client):
    """Return all that still comes; an end that is not polite is an end."""
    pieces = []
    with contextlib.suppress(ConnectionError):
        while piece := client.recv(1_000_000):
            pieces.append(piece)
    return b"".join(pieces)


def reset(client):
    """Have it end with a reset, as one who lost interest."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def read(received):
    """Take an answer apart; no answer has no status."""
    head, _, content = received.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(it.split(": ", 1) for it in lines)
    return SimpleNamespace(
        status=int(line.split()[1]) if line else None, fields=fields, content=content
    )


def ask(server, request):
    """Send bytes, and read the answer until the server ends the connection."""
    with connect(server) as client:
        with contextlib.suppress(ConnectionError):
            client.sendall(request)
        return read(rest_of(client))


def get(server, target, *fields, method="GET", host=None):
    """Ask for a page, as a browser does."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{server.port}'}", *fields]
    return ask(server, "\r\n".join([*lines, "", ""]).encode("latin-1"))


def until(condition):
    """Wait for something that comes soon."""
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
