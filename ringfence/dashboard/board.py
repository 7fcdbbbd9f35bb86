"""The pages that are shown, all of them of one block."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from ringfence.dashboard.asking import Refusal

HTML = "text/html; charset=utf-8"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
METRICS, STALE = "/metrics", 120  # [s] after which it tells nothing


@dataclass(frozen=True)
class Page:
    """What one path gives."""

    content: bytes
    kind: str  # content type


Site = Mapping[str, Page]  # by path


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
        site = self.site  # read once: another may take its place meanwhile
        if site is None:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        if path == "/healthz":
            return Page(f'{{"version": {self.version}, "age": {int(self.age)}}}\n'.encode(), JSON)
        if path not in site:
            raise Refusal(HTTPStatus.NOT_FOUND)
        if path == METRICS and self.age > STALE:  # programs take old numbers for new ones
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        return site[path]
