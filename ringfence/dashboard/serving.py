"""Serves pages to the browsers of this machine, and only ever from memory.

All that a connection does is in the callbacks of one `asyncio.Protocol`: no thread and no coroutine
waits for a client that stalls, which holds a place among `most` until a timer takes it away.

A browser is told to ask again by itself (Refresh) for the overview, and soon for what is not ready
yet. Every other page stays as its reader left it: a reload folds what was unfolded, and takes away
the focus and the place on the page.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from ringfence.dashboard.asking import METHODS, Refusal, check, request_in
from ringfence.dashboard.board import TEXT, Board, Page
from ringfence.exceptions import RingfenceError
from ringfence.pages.policy import HEADERS, NOTHING

HOST = "127.0.0.1"  # there is no other
REFRESH = {"/": 60, "/index.html": 60}  # [s] until a browser asks for the overview again
RETRY = 5  # [s] until it asks again for what is not ready yet
REST_LIMIT = 65_536  # [byte] that may follow a request
QUEUE = 256  # connections that wait for ours to notice them


@dataclass(frozen=True)
class Rules:
    """How a site is served."""

    policy: str = NOTHING  # Content-Security-Policy of every answer
    deadline: float = 5.0  # [s] for all of a connection
    most: int = 64  # connections at once; one more ends the oldest


# -- The server ------------------------------------------------------------------------------------


class _Connection(asyncio.Protocol):
    """One request and its answer."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.received = b""
        self.is_answered = False
        self.is_head = False
        self.rest = REST_LIMIT

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.admit(self)
        loop = asyncio.get_running_loop()
        self.timer = loop.call_later(self.server.rules.deadline, transport.abort)

    def connection_lost(self, _: Exception | None) -> None:
        self.timer.cancel()
        self.server.connections.pop(self, None)

    def data_received(self, data: bytes) -> None:
        if self.is_answered:  # and it speaks on; to close now would take the answer back
            self.rest -= len(data)
            if self.rest < 0:
                self.transport.abort()
            return
        self.received += data
        try:
            request = request_in(self.received)
            if request is not None:
                self.is_head = request.method == "HEAD"
                check(request)
                page = self.server.board.page(request.target)
                self.answer(HTTPStatus.OK, page, REFRESH.get(request.target))
        except Refusal as error:
            self.refuse(error.status)

    def eof_received(self) -> None:
        if self.received and not self.is_answered:
            self.refuse(HTTPStatus.BAD_REQUEST)

    def refuse(self, status: HTTPStatus) -> None:
        again = RETRY if status is HTTPStatus.SERVICE_UNAVAILABLE else None
        self.answer(status, Page(f"{status.phrase}\n".encode(), TEXT), again)

    def answer(self, status: HTTPStatus, page: Page, again: int | None) -> None:
        """Send a page.

        :param again: when a browser asks for it again by itself, in `Refresh`; None for never. [s]
        """
        fields = HEADERS | {
            "Date": formatdate(usegmt=True),
            "Content-Security-Policy": self.server.rules.policy,
            "Content-Type": page.kind,
            "Content-Length": str(len(page.content)),
            "Connection": "close",
        }
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            fields["Allow"] = ", ".join(METHODS)
        if again is not None:
            fields["Refresh"] = str(again)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *map(": ".join, fields.items())]

        self.is_answered, self.received = True, b""
        self.transport.write("\r\n".join([*lines, "", ""]).encode())
        if not self.is_head:
            self.transport.write(page.content)
        self.transport.write_eof()


class Server:
    """Answers on a port of this machine, in a thread of its own, until it is closed."""

    def __init__(self, board: Board, listener: socket.socket, rules: Rules) -> None:
        self.board, self.rules = board, rules
        self.port = int(listener.getsockname()[1])
        self.connections: dict[_Connection, None] = {}  # the oldest first
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_handle)
        self._closing = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=[listener], daemon=True)
        self._thread.start()

    def admit(self, connection: _Connection) -> None:
        """Give a connection a place, which may be that of the oldest."""
        if len(self.connections) >= self.rules.most:
            oldest = next(iter(self.connections))
            del self.connections[oldest]
            oldest.transport.abort()
        self.connections[connection] = None

    def close(self) -> None:
        """Stop, and end what is open. A second time does nothing."""
        with suppress(RuntimeError):  # if its loop is closed
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, listener: socket.socket) -> None:
        self._loop.run_until_complete(self._serve(listener))
        self._loop.close()

    async def _serve(self, listener: socket.socket) -> None:
        # As many as `backlog` are taken in one turn: so few that one which asks at once has its
        # answer before those that come after can have its place.
        few = max(1, self.rules.most // 2)
        server = await self._loop.create_server(
            lambda: _Connection(self), sock=listener, backlog=few
        )
        listener.listen(QUEUE)
        await self._closing.wait()
        server.close()
        for connection in list(self.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # in which their sockets are closed


def serve(board: Board, port: int = 0, rules: Rules | None = None) -> Server:
    """Begin to serve what is on a board, to this machine alone.

    :param port: to listen on; 0 for one that is free.
    :raises RingfenceError: if it cannot be listened on.
    """
    try:
        listener = socket.create_server((HOST, port), backlog=QUEUE)
    except (OSError, OverflowError):
        raise RingfenceError(f"port {port} is taken, or not to be had; name another") from None
    return Server(board, listener, Rules() if rules is None else rules)


def _handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of clients that went away."""
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)
