"""Which requests are answered, and what a browser may do with the answer."""

import contextlib
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.dashboard.asking import Refusal, Request, request_in
from ringfence.dashboard.board import HTML, JSON, Board, Page
from ringfence.dashboard.serving import Rules, serve
from ringfence.pages.policy import policy, policy_meta
from tests.dashboard import LONG, ask, connect, get, read, rest_of

VAULT = "/vaults/0x00000000000000000000000000000000000000aa.html"
SITE = {"/": Page(b"front", HTML), VAULT: Page(b"vault", HTML), "/api": Page(b"{}", JSON)}
WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: a, b\r\n\r\n"


@pytest.fixture(scope="module")
def running():
    board = Board()
    board.show(SITE)
    with serve(board, rules=Rules(deadline=LONG)) as server:
        yield server


@pytest.fixture
def server(running):
    yield running
    assert get(running, "/").content == b"front"  # whatever was asked before


def test_policy_allows_one_style_and_nothing_else():
    # printf 'body { color: red }' | openssl dgst -sha256 -binary | base64
    allowed = "default-src 'none'; style-src 'sha256-HASH'; img-src data:; "
    allowed += "base-uri 'none'; form-action 'none'"
    allowed = allowed.replace("HASH", "kl6HQb5peP+QG0x7FWklMRxR/HYq4xozK9Oa6BWSDQA=")

    assert policy_meta("body { color: red }") == allowed
    assert policy("body { color: red }") == f"{allowed}; frame-ancestors 'none'"


@pytest.mark.parametrize("style", ["a {}\r\n", "a {}\0", "</STYLE><script>"])
def test_a_style_that_a_browser_reads_otherwise_is_refused(style):
    with pytest.raises(ValueError, match="a style has no"):
        policy_meta(style)


@pytest.mark.parametrize("at", range(1, len(WHOLE)))
def test_a_request_is_unfinished_until_its_end(at):
    assert request_in(WHOLE[:at]) is None
    fields = {"host": "localhost", "accept": "a, b"}
    assert request_in(WHOLE + WHOLE[:at]) == Request("GET", "/", fields)


@given(st.binary(min_size=1) | st.lists(st.sampled_from([*b"GET / HTTP/1.1\r\n: ah\0"])).map(bytes))
def test_whatever_comes_is_a_request_or_refused(received):
    with contextlib.suppress(Refusal):
        found = request_in(received)
        assert found is None or "host" in found.fields


def test_a_cookie_of_another_program_on_this_machine_does_no_harm():
    received = WHOLE.replace(b"Accept: a, b", b"Cookie: name=\xc3\xa9" + b"x" * 8_000)

    assert request_in(received).target == "/"


# -- Who may ask for what --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get"])
def test_only_get_and_head_are_answered(server, method):
    answer = get(server, "/", method=method)

    assert (answer.status, answer.fields["Allow"]) == (405, "GET, HEAD")
    assert b"front" not in answer.content


@pytest.mark.parametrize("field", ["Content-Length: 5", "Transfer-Encoding: chunked"])
def test_a_body_is_refused_unread(server, field):
    assert get(server, "/", field).status == 413
    assert get(server, "/", field, method="POST").status == 405
    assert get(server, "/", "Content-Length: -0").status == 413
    assert get(server, "/", "Content-Length: 0").status == 200


@pytest.mark.parametrize(
    "target",
    [
        "/../../etc/passwd",
        "/vaults/../index",
        "/vaults/..",
        "/%2e%2e/",
        "/vaults%2f0x",
        "/..%2f..%2fetc%2fpasswd",
        "/%252e%252e%252f",
        "/..\\..\\etc",
        "\\",
        "//",
        "/./",
        "/%2F",
        "/%00",
        "/%c3%bf",
        "/?",
        "/?a=b",
        "/#",
        "/;a",
        f"{VAULT}%00",
        f"{VAULT}?x",
        f"{VAULT}/",
        VAULT.upper(),
        "*",
        "index.html",
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "127.0.0.1:80",
        "/__class__",
    ],
)
def test_only_a_path_as_it_is_written_is_found(server, target):
    answer = get(server, target)

    assert (answer.status, answer.content) == (404, b"Not Found\n")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "localhost.",
        "127.0.0.1@evil.example",
        "evil.example/127.0.0.1",
        "127.0.0.1:80:80",
        "127.0.0.1:",
        "127.0.0.1:x",
        "127.0.0.2",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "[::]",
        "::1",
        "127x0x0x1",
        "127.0.0.1, evil.example",
        " ",
    ],
)
def test_a_name_pointed_at_this_machine_gets_nothing(server, host):
    answer = get(server, "/", host=host)

    assert (answer.status, answer.content) == (421, b"Misdirected Request\n")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:1", "[::1]:8000"])
def test_a_name_of_this_machine_is_answered(server, host):
    assert get(server, "/", host=host).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "else", ""])
def test_what_another_page_embeds_gets_nothing(server, site):
    kinds = [("no-cors", it) for it in ("script", "image", "style", "video", "object", "empty")]
    kinds += [("cors", "empty"), ("websocket", "websocket"), ("navigate", "empty")]
    kinds += [("navigate", it) for it in ("iframe", "frame", "embed", "object")]
    kinds += [("no-cors", "document"), ("same-origin", "document")]

    for mode, dest in kinds:
        fields = (f"Sec-Fetch-Mode: {mode}", f"Sec-Fetch-Dest: {dest}")
        answer = get(server, "/api", f"Sec-Fetch-Site: {site}", *fields)
        assert (answer.status, answer.content) == (403, b"Forbidden\n")
    assert get(server, "/", f"Sec-Fetch-Site: {site}").status == 403


def test_a_link_may_be_followed(server):
    fields = ("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-User: ?1")

    for site in ("cross-site", "same-site", "same-origin", "none"):
        assert get(server, "/", f"Sec-Fetch-Site: {site}", *fields).status == 200
    script = ("Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")
    assert get(server, "/", "Sec-Fetch-Site: same-origin", *script).status == 200


def test_another_origin_gets_nothing(server):
    own = f"http://127.0.0.1:{server.port}"

    foreign = ["http://evil.example", "null", "", "http://127.0.0.1", own + "0", own + "/"]
    foreign += [f"https{own[4:]}", f"http://localhost:{server.port}", f"{own} http://evil.example"]
    for origin in foreign:
        assert get(server, "/", f"Origin: {origin}").status == 403
    assert get(server, "/", f"Origin: {own}").status == 200


# -- What is no request ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/0.9\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.10\r\nHost: localhost\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0" * 1_000,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\r\n",
        b" GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\nHost: localhost\n\n",
        b"GET / HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nhost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: b\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\ncolon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n: nameless\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\xe9: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: \0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: none\r\nsec-fetch-site: x\r\n\r\n",
    ],
)
def test_what_is_malformed_is_refused(server, request_):
    answer = ask(server, request_)

    assert (answer.status, answer.content) == (400, b"Bad Request\n")


def test_a_request_that_ends_too_early_is_refused(server):
    with connect(server) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        client.shutdown(socket.SHUT_WR)
        assert read(rest_of(client)).status == 400
