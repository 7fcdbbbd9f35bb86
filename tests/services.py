"""Programs that tests need, each started in a folder of its own and stopped again.

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
from selenium import webdriver

from ringfence.anvil import free_port

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
LIMIT = 60  # [s] for a server to start
SERVER_USER = "postgres"  # under which it runs if we are root, which it refuses


def missing(packages):
    """Skip the test, or fail it where packages of Debian have to be there."""
    lacking(f"needs Debian's {packages}: apt-get install {packages}")


def lacking(told):
    """Skip the test, or fail it where all that tests need has to be there."""
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


@contextmanager
def chromium():
    """Start a browser that fetches nothing for itself, with an empty profile, and yield it."""
    if not (CHROMIUM.exists() and DRIVER.exists()):
        missing("chromium chromium-driver")
    with tempfile.TemporaryDirectory(
        prefix="ringfence-chromium-", ignore_cleanup_errors=True
    ) as it:
        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for flag in (*FLAGS, f"--user-data-dir={it}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options, webdriver.ChromeService(str(DRIVER)))
        try:
            yield driver
        finally:
            driver.quit()
