"""Whoever comes to the port gets a page, or nothing, and stops nobody else."""

import contextlib
import logging
import random
import socket
import threading
import time
from unittest.mock import patch

import pytest

from ringfence.dashboard.asking import HEAD_LIMIT, LINE_LIMIT, Refusal
from ringfence.dashboard.board import HTML, JSON, STALE, Board, Page
from ringfence.dashboard.refreshing import Refresher
from ringfence.dashboard.serving import Rules, serve
from ringfence.exceptions import RingfenceError
from ringfence.pages.policy import policy
from tests.dashboard import LONG, ask, connect, get, read, reset, rest_of, until

VAULT = "/vaults/0x00000000000000000000000000000000000000aa.html"
BIG = bytes(8_000_000)  # more than a kernel keeps for a client that does not read
SITE = {
    "/": Page(b"<p>front", HTML),
    "/index.html": Page(b"<p>front", HTML),
    "/vaults-1.html": Page(b"<p>list", HTML),
    VAULT: Page(b"<p>vault", HTML),
    "/api/market.json": Page(b"{}", JSON),
    "/metrics": Page(b"a 1\n", "text/plain; version=0.0.4; charset=utf-8"),
    "/big": Page(BIG, JSON),
}
POLICY = policy("p {}")
ASKING = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ASKING_BIG = ASKING.replace(b"/", b"/big", 1)


@pytest.fixture
def board():
    shown = Board()
    shown.show(SITE)
    return shown


@pytest.fixture
def start(board, caplog):
    """Serves the board by rules of one's own; afterwards it still answers, and nothing broke."""
    with contextlib.ExitStack() as open_servers:

        def begin(**rules):
            return open_servers.enter_context(serve(board, rules=Rules(POLICY, **rules)))

        yield begin
    assert [it for it in caplog.records if it.levelno >= logging.WARNING] == []


@pytest.fixture
def server(start):
    running = start(deadline=LONG)
    yield running
    assert get(running, "/").status == 200


# -- What is served --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SITE)
def test_a_page_is_given(server, path):
    answer = get(server, path)

    assert (answer.status, answer.content) == (200, SITE[path].content)
    assert answer.fields["Content-Type"] == SITE[path].kind
    assert answer.fields["Content-Length"] == str(len(SITE[path].content))


def test_an_answer_lets_nobody_in(server):
    for path in ("/", "/nothing", "/healthz"):
        fields = get(server, path).fields

        assert fields.pop("Date").endswith(" GMT")
        expected = {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Connection": "close",
        }
        assert fields.items() >= expected.items()
        others = fields.keys() - expected.keys()
        assert others <= {"Content-Type", "Content-Length", "Refresh"}


@pytest.mark.parametrize("path", ["/", "/index.html"])
def test_a_browser_looks_at_the_overview_again(server, path):
    assert get(server, path).fields["Refresh"] == "60"
    assert "Refresh" not in get(server, path, method="POST").fields


@pytest.mark.parametrize("path", ["/vaults-1.html", VAULT, "/metrics", "/healthz", "/nothing"])
def test_all_else_stays_as_its_reader_left_it(server, path):
    assert "Refresh" not in get(server, path).fields


@pytest.mark.parametrize("path", ["/", "/nothing"])
def test_head_is_get_without_content(server, path):
    asked, answer = get(server, path), get(server, path, method="HEAD")

    assert answer.status == asked.status
    assert answer.content == b""
    assert answer.fields["Content-Length"] == str(len(asked.content))


def test_before_the_first_site_a_browser_is_told_to_come_again():
    with serve(Board()) as server:
        for path in ("/", VAULT, "/healthz"):
            answer = get(server, path)
            assert (answer.status, answer.fields["Refresh"]) == (503, "5")


def test_another_site_takes_the_place_of_the_first(server, board):
    changing = dict(SITE)
    board.show(changing)
    changing["/new"] = changing.pop("/")
    assert get(server, "/new").status == 404

    board.show({"/": Page(b"second", HTML)})

    assert get(server, "/").content == b"second"
    assert get(server, VAULT).status == 404
    assert get(server, "/healthz").content == b'{"version": 3, "age": 0}\n'


class Leaving(dict):
    """A site whose place another takes while somebody looks into it."""

    def __init__(self, board, pages):
        super().__init__(pages)
        self.board = board

    def __contains__(self, path):
        self.board.show({})
        return super().__contains__(path)


def test_a_page_that_was_there_is_given_even_if_it_goes_meanwhile():
    board = Board()
    board.site = Leaving(board, SITE)

    assert board.page(VAULT) == SITE[VAULT]
    with pytest.raises(Refusal, match="Not Found"):
        board.page(VAULT)


# -- What is too much ------------------------------------------------------------------------------


def test_a_long_request_is_cut_off(server):
    longest = "/" + "a" * (LINE_LIMIT - len("GET / HTTP/1.1"))

    assert get(server, longest).status == 404
    assert get(server, longest + "a").status == 414
    assert get(server, "/", "A: " + "b" * HEAD_LIMIT).status == 431
    assert get(server, "/", *(f"A{it}: b" for it in range(HEAD_LIMIT // 8))).status == 431


@pytest.mark.parametrize(
    ("start_", "more"), [(b"GET /", b"a"), (b"GET / HTTP/1.1\r\n", b"A: b\r\n")]
)
def test_an_endless_request_is_cut_off(server, start_, more):
    sent = 0
    with connect(server) as client, contextlib.suppress(ConnectionError):
        client.sendall(start_)
        while sent < 100_000_000:
            sent += client.send(more * 10_000)

    assert sent < 100_000_000


def test_what_follows_a_request_is_not_answered(server):
    assert ask(server, ASKING * 100).content == b"<p>front"


def test_one_who_speaks_on_still_gets_the_answer(server):
    with connect(server) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n")
        for _ in range(3):
            time.sleep(0.05)
            client.sendall(b"x")
        assert read(rest_of(client)).status == 405


def test_noise_stops_nothing(server):
    noise = random.Random(0)
    whole = b"GET / HTTP/1.1\r\nHost: localhost\r\nA: b\r\n\r\n"

    for _ in range(100):
        torn = bytearray(whole)
        for _ in range(3):
            torn[noise.randrange(len(torn))] = noise.randrange(256)
        with connect(server) as client:
            client.sendall(torn[: noise.randrange(len(torn))])
            if noise.random() < 0.5:
                reset(client)


def test_one_who_leaves_before_the_answer_stops_nothing(server):
    for _ in range(50):
        with connect(server) as client:
            client.sendall(ASKING_BIG)
            reset(client)


# -- Those who are slow ----------------------------------------------------------------------------


def test_one_who_says_nothing_is_dropped(start):
    with connect(start(deadline=0.2)) as client:
        assert rest_of(client) == b""


def test_one_who_speaks_slowly_is_dropped(start):
    server = start(deadline=0.3)
    end = time.monotonic() + LONG

    with connect(server) as client, contextlib.suppress(ConnectionError):
        client.sendall(b"GET / HTTP/1.1\r\nA: ")
        while time.monotonic() < end:
            client.sendall(b"b")
            time.sleep(0.02)

    assert time.monotonic() < end


def test_one_who_does_not_read_is_dropped(start):
    server = start(deadline=0.3)

    with connect(server, kept=4_096) as client:
        client.sendall(ASKING_BIG)
        until(lambda: server.connections)
        until(lambda: not server.connections)
        assert 0 < len(rest_of(client)) < len(BIG)


def test_one_who_does_not_leave_is_dropped(start):
    server = start(deadline=0.3)

    with connect(server) as client:
        client.sendall(ASKING)
        assert read(rest_of(client)).status == 200
        until(lambda: not server.connections)


@pytest.mark.parametrize(
    "beginning",
    [b"", b"G", b"GET / HTTP/1.1\r\n", ASKING_BIG],
    ids=["silent", "first byte", "first line", "not reading"],
)
def test_two_hundred_who_are_slow_keep_nobody_waiting(start, beginning):
    server = start(deadline=3 * LONG, most=16)  # so that they have their place as long as they may

    with contextlib.ExitStack() as clients:
        for number in range(200):
            client = clients.enter_context(connect(server, kept=4_096))
            with contextlib.suppress(ConnectionError):
                client.sendall(beginning)
            if number % 10 == 9:
                assert get(server, "/").content == b"<p>front"
        assert len(server.connections) <= 16


class Held(Board):
    """Holds the server up until it may go on."""

    def __init__(self):
        super().__init__()
        self.is_asked, self.may_go_on = threading.Event(), threading.Event()

    def page(self, path):
        self.is_asked.set()
        self.may_go_on.wait(LONG)
        return super().page(path)


def test_one_who_asks_at_once_is_answered_before_a_flood_can_take_the_place():
    board = Held()
    board.show(SITE)
    with serve(board, rules=Rules(deadline=LONG, most=16)) as server, contextlib.ExitStack() as it:
        for _ in range(14):
            it.enter_context(connect(server))
        first = it.enter_context(connect(server))
        first.sendall(ASKING)
        board.is_asked.wait(LONG)
        second = it.enter_context(connect(server))
        second.sendall(ASKING)
        for _ in range(100):
            it.enter_context(connect(server))

        board.may_go_on.set()

        assert [read(rest_of(client)).status for client in (first, second)] == [200, 200]


# -- Where it listens ------------------------------------------------------------------------------


def test_it_listens_to_this_machine_alone(server):
    with socket.socket() as other:
        other.bind(("127.0.0.2", server.port))  # which would be taken if it listened everywhere
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), timeout=LONG)


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_told_in_a_line(board, port):
    with pytest.raises(RingfenceError, match=f"port {port} is taken"):
        serve(board, port)


def test_a_port_that_is_taken_is_told_in_a_line(board, server):
    with pytest.raises(RingfenceError, match=f"port {server.port} is taken"):
        serve(board, server.port)


def test_closed_it_ends_what_is_open(board):
    with serve(board) as server:
        client = connect(server)
        until(lambda: server.connections)
    server.close()

    with client:
        assert rest_of(client) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(server)
    serve(board, server.port).close()


# -- What keeps it current -------------------------------------------------------------------------


class Chain:
    """A head, and sites of it, that fail when they are told to."""

    def __init__(self):
        self.number, self.builds, self.at_once, self.most_at_once = 0, 0, 0, 0
        self.fault = None
        self.told = []

    def head(self):
        return self.number

    def build(self):
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.fault is not None:
                raise self.fault
            self.builds += 1
            return {"/": Page(str(self.number).encode(), HTML)}
        finally:
            self.at_once -= 1

    def watch(self, board, **others):
        parts = {"head": self.head, "build": self.build, "tell": self.told.append, **others}
        return Refresher(board, **parts, pause=0.01)


def test_a_new_head_is_shown_and_an_old_one_built_once():
    board, chain = Board(), Chain()

    with chain.watch(board):
        until(lambda: board.version == 1)
        chain.number = 1
        until(lambda: board.version == 2)
        time.sleep(0.1)

    assert board.site["/"].content == b"1"
    assert (chain.builds, chain.most_at_once, chain.told) == (2, 1, [])


def test_an_old_head_keeps_the_site_young():
    board, chain = Board(), Chain()

    with chain.watch(board):
        until(lambda: board.version == 1)
        time.sleep(0.3)
        until(lambda: board.age < 0.2)


def test_what_goes_wrong_is_told_and_the_last_good_site_stays(start, board):
    server, chain = start(), Chain()
    chain.fault = ValueError("node is gone\nand more")

    with chain.watch(board):
        until(lambda: chain.told)
        time.sleep(0.1)
        assert get(server, "/").content == b"<p>front"
        chain.fault = None
        until(lambda: get(server, "/").content == b"0")
        chain.number, chain.fault = 1, KeyError()
        until(lambda: len(chain.told) > 1)

    assert chain.told == ["node is gone", "KeyError"]


def test_a_head_that_cannot_be_read_makes_the_site_old(start, board, monkeypatch):
    server, chain = start(), Chain()

    def head():
        raise OSError("no route")

    with chain.watch(board, head=head):
        until(lambda: chain.told == ["no route"])
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 100)
        version, age = board.version, board.age
        monkeypatch.undo()
        assert (version, int(age)) == (1, 100)
        assert get(server, "/").status == 200


def test_one_who_cannot_be_told_stops_nothing():
    board, chain = Board(), Chain()
    chain.fault = ValueError("x")

    def tell(_):
        chain.fault = None
        raise BrokenPipeError

    with chain.watch(board, tell=tell):
        until(lambda: board.version == 1)


def test_closed_it_shows_nothing_more():
    board, chain = Board(), Chain()
    begun, go_on = threading.Event(), threading.Event()

    def build():
        begun.set()
        go_on.wait(LONG)
        return SITE

    refresher = chain.watch(board, build=build)
    begun.wait(LONG)
    threading.Timer(0.1, go_on.set).start()
    refresher.close()

    assert board.version == 0
    assert not refresher._thread.is_alive()


def test_programs_get_no_old_numbers():
    board = Board()
    board.show({"/metrics": Page(b"up 1\n", "text/plain"), "/": Page(b"page", HTML)})
    assert board.page("/metrics").content == b"up 1\n"

    with (
        patch.object(Board, "age", STALE + 1),
        pytest.raises(Refusal, match="Service Unavailable"),
    ):
        board.page("/metrics")
    assert board.page("/").content == b"page"
