"""Which requests are answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

METHODS = ("GET", "HEAD")
LINE_LIMIT = 2_048  # [byte] of a request line
HEAD_LIMIT = 16_384  # [byte] of a request: browsers add the cookies of all that is on localhost

_LINE = re.compile(rb"([A-Za-z]+) ([!-~]+) HTTP/1\.[01]")
_NAME = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(rb"[\0-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")  # any port: of a tunnel


class Refusal(Exception):
    """A request gets nothing but a status."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
        super().__init__(status.phrase)


@dataclass(frozen=True)
class Request:
    """What a client asks for."""

    method: str
    target: str
    fields: Mapping[str, str]  # by their names in lower case


def request_in(received: bytes) -> Request | None:
    """Return the request that begins what was received; None while it is unfinished.

    :raises Refusal: as soon as it cannot become a request.
    """
    head, end, _ = received.partition(b"\r\n\r\n")
    line, is_whole, lines = head.partition(b"\r\n")
    if len(line) > LINE_LIMIT:
        raise Refusal(HTTPStatus.REQUEST_URI_TOO_LONG)
    if len(head) > HEAD_LIMIT:
        raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    if not received[:1].isalpha() or head.count(b"\n") != head.count(b"\r\n"):
        raise Refusal(HTTPStatus.BAD_REQUEST)
    if not (is_whole or end):
        return None

    words = _LINE.fullmatch(line)
    if words is None:
        raise Refusal(HTTPStatus.BAD_REQUEST)
    if not end:
        return None
    return Request(words[1].decode(), words[2].decode(), _fields(lines))


def _fields(lines: bytes) -> Mapping[str, str]:
    """Read header fields: none is folded, none is there twice, one is the host."""
    found: dict[str, str] = {}
    for line in lines.split(b"\r\n") if lines else ():
        name, colon, value = line.partition(b":")
        if not colon or _NAME.fullmatch(name) is None or _CONTROL.search(value):
            raise Refusal(HTTPStatus.BAD_REQUEST)
        key = name.decode().lower()
        if key in found:
            raise Refusal(HTTPStatus.BAD_REQUEST)
        found[key] = value.strip(b" \t").decode("latin-1")
    if "host" not in found:
        raise Refusal(HTTPStatus.BAD_REQUEST)
    return found


def check(request: Request) -> None:
    """Look whether a request may be answered.

    A host that is not this machine is a name that somebody pointed at it (DNS rebinding). What
    the page of another origin asks for is refused, except to go to a page of ours: a link.

    :raises Refusal: if it may not.
    """
    fields = request.fields
    if request.method not in METHODS:
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED)
    if "transfer-encoding" in fields or fields.get("content-length", "0") != "0":
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    host = fields["host"].lower()
    if _HOST.fullmatch(host) is None:
        raise Refusal(HTTPStatus.MISDIRECTED_REQUEST)
    if not _is_ours(fields, f"http://{host}"):
        raise Refusal(HTTPStatus.FORBIDDEN)


def _is_ours(fields: Mapping[str, str], origin: str) -> bool:
    """Tell whether a person, a program or a page of ours asks; or a link was followed."""
    if fields.get("origin", origin) != origin:
        return False
    if fields.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return True
    return (fields.get("sec-fetch-mode"), fields.get("sec-fetch-dest")) == ("navigate", "document")
