"""Servers that tests need, each started on a free port in a folder of its own and stopped again.

Where one is not installed the test skips and names its Debian package; a gate that installs them
says SERVICES=required, and then that is a failure.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from ringfence.anvil import free_port

LIMIT = 60  # [s] for a server to start
SERVER_USER = "postgres"  # under which it runs if we are root, which it refuses


def missing(package):
    """Skip the test, or fail it where the package has to be there."""
    told = f"needs the Debian package {package}: apt-get install {package}"
    if os.environ.get("SERVICES") == "required":
        pytest.fail(told)
    pytest.skip(told)


@contextmanager
def postgres():
    """Start PostgreSQL, and yield the address of an empty database."""
    binaries = binaries_of_postgres()
    if binaries is None:
        missing("postgresql")
    folder = Path(tempfile.mkdtemp(prefix="ringfence-postgres-"))
    user = SERVER_USER if os.getuid() == 0 else None
    if user is not None:
        found = pwd.getpwnam(user)
        os.chown(folder, found.pw_uid, found.pw_gid)
    data, port = folder / "data", free_port()
    words = [binaries / "initdb", "-D", data, "-U", "ringfence", "-A", "trust", "--no-sync"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)
    words = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder]
    log = (folder / "log").open("wb")
    server = subprocess.Popen(words, stdout=log, stderr=log, user=user, cwd=folder)
    try:
        await_server(binaries, port, server)
        yield f"postgresql+psycopg://ringfence@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing in it is wanted
        server.wait(LIMIT)
        log.close()
        shutil.rmtree(folder)


def binaries_of_postgres():
    """Where the newest PostgreSQL is: Debian keeps it off PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    if found:
        return found[-1].parent
    return None if on_path is None else Path(on_path).parent


def await_server(binaries, port, server):
    words = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(LIMIT * 10):
        assert server.poll() is None, "PostgreSQL ended"
        if subprocess.run(words, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise TimeoutError(f"PostgreSQL does not answer after {LIMIT} s")
