"""Serves pages to the browsers of this machine, and only ever from memory.

All that a connection does is in the callbacks of one `asyncio.Protocol`: no thread and no coroutine
waits for a client that stalls, which holds a place among `most` until a timer takes it away.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from ringfence.dashboard.policy import HEADERS, METHODS, NOTHING, Refusal, check, request_in
from ringfence.exceptions import RingfenceError
from ringfence.reasons import first_line

HOST = "127.0.0.1"  # there is no other
HTML = "text/html; charset=utf-8"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
REST_LIMIT = 65_536  # [byte] that may follow a request
QUEUE = 256  # connections that wait for ours to notice them
PATIENCE = 10  # [s] for a build to end
METRICS, STALE = "/metrics", 120  # [s] after which it tells nothing


@dataclass(frozen=True)
class Page:
    """What one path gives."""

    content: bytes
    kind: str  # content type


Site = Mapping[str, Page]  # by path


@dataclass(frozen=True)
class Rules:
    """How a site is served."""

    policy: str = NOTHING  # Content-Security-Policy of every answer
    refresh: int = 5  # [s] until a browser asks for a page again
    deadline: float = 5.0  # [s] for all of a connection
    most: int = 64  # connections at once; one more ends the oldest


class Board:
    """Holds the site that is shown; another takes its place at once."""

    def __init__(self) -> None:
        self.site: Site | None = None
        self.version = 0  # how many were shown
        self._confirmed = 0.0

    def show(self, site: Site) -> None:
        """Show a site from now on."""
        self.confirm()
        self.version += 1
        self.site = MappingProxyType(dict(site))

    def confirm(self) -> None:
        """Note that the site is still what there is to show."""
        self._confirmed = time.monotonic()

    @property
    def age(self) -> float:
        """How long ago the site was what there is to show. [s]"""
        return time.monotonic() - self._confirmed

    def page(self, path: str) -> Page:
        """Return what a path gives; `/healthz` gives the site's version and age.

        :raises Refusal: if it gives nothing, or there is no site yet.
        """
        if self.site is None:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        if path == "/healthz":
            return Page(f'{{"version": {self.version}, "age": {int(self.age)}}}\n'.encode(), JSON)
        if path not in self.site:
            raise Refusal(HTTPStatus.NOT_FOUND)
        if path == METRICS and self.age > STALE:  # programs take old numbers for new ones
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        return self.site[path]


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
                self.answer(HTTPStatus.OK, self.server.board.page(request.target))
        except Refusal as error:
            self.refuse(error.status)

    def eof_received(self) -> None:
        if self.received and not self.is_answered:
            self.refuse(HTTPStatus.BAD_REQUEST)

    def refuse(self, status: HTTPStatus) -> None:
        self.answer(status, Page(f"{status.phrase}\n".encode(), TEXT))

    def answer(self, status: HTTPStatus, page: Page) -> None:
        rules = self.server.rules
        fields = HEADERS | {
            "Date": formatdate(usegmt=True),
            "Content-Security-Policy": rules.policy,
            "Content-Type": page.kind,
            "Content-Length": str(len(page.content)),
            "Connection": "close",
        }
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            fields["Allow"] = ", ".join(METHODS)
        if page.kind.startswith("text/html") or status is HTTPStatus.SERVICE_UNAVAILABLE:
            fields["Refresh"] = str(rules.refresh)
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


# -- What keeps it current -------------------------------------------------------------------------


class Refresher:
    """Shows a new site whenever there is a new head, in a thread of its own, until it is closed.

    What goes wrong is told, once until it is something else; the last good site stays.
    """

    def __init__(
        self,
        board: Board,
        head: Callable[[], object],
        build: Callable[[], Site],
        tell: Callable[[str], object],
        pause: float = 5.0,  # [s] between two looks
    ) -> None:
        self._board, self._head, self._build, self._tell = board, head, build, tell
        self._pause = pause
        self._seen: object = _NEVER
        self._told = ""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; a build that goes on for longer than `PATIENCE` is left to itself."""
        self._closing.set()
        self._thread.join(PATIENCE)

    def __enter__(self) -> Refresher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            problem = ""
            try:
                self._look()
            except Exception as error:  # whatever it is, the server goes on
                problem = first_line(error)
            if problem not in ("", self._told):
                with suppress(Exception):
                    self._tell(problem)
            self._told = problem
            self._closing.wait(self._pause)

    def _look(self) -> None:
        """Build a site if there is a new head; the head is read first, so none is missed."""
        head = self._head()
        if head == self._seen:
            self._board.confirm()
            return
        site = self._build()
        if not self._closing.is_set():
            self._board.show(site)
            self._seen = head


_NEVER = object()
