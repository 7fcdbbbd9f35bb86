"""Keeps a board current."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from ringfence.dashboard.board import Board, Site
from ringfence.reasons import first_line

PATIENCE = 10  # [s] for a build to end


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
