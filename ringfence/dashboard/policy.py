"""Which requests are answered, and what a browser may do with the answer."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

NOTHING = "default-src 'none'; frame-ancestors 'none'"  # for what is no page
HEADERS = {  # of every answer; none of them lets another origin in
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
METHODS = ("GET", "HEAD")
LINE_LIMIT = 2_048  # [byte] of a request line
HEAD_LIMIT = 16_384  # [byte] of a request: browsers add the cookies of all that is on localhost

_LINE = re.compile(rb"([A-Za-z]+) ([!-~]+) HTTP/1\.[01]")
_NAME = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(rb"[\0-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")  # any port: of a tunnel


def policy(style: str) -> str:
    """Return the header's policy for a page whose one <style> element holds `style`."""
    return f"{policy_meta(style)}; frame-ancestors 'none'"


def policy_meta(style: str) -> str:
    """Return the same for the content of a <meta>, which cannot say who may frame the page.

    :raises ValueError: if a browser would read another style than this, and so refuse it.
    """
    if re.search(r"[\r\0]|</style", style, re.IGNORECASE):
        raise ValueError("a style has no carriage return, no NUL and no </style")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


# -- Requests --------------------------------------------------------------------------------------


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
