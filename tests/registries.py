"""A real MLflow tracking server with its model registry, on a port of its own."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVER = """
import logging
from mlflow.server import app
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, app, threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""
"""The server that ``mlflow server`` runs, without the assistants that it starts beside."""


@contextmanager
def mlflow_server(folder: Path) -> Iterator[str]:
    """Run a server that keeps what it is told in a folder, and yield its address."""
    store = f"sqlite:///{folder}/mlflow.db"
    environment = {
        **os.environ,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "_MLFLOW_SERVER_FILE_STORE": store,
        "_MLFLOW_SERVER_REGISTRY_STORE": store,
        "_MLFLOW_SERVER_ARTIFACT_ROOT": str(folder),
    }
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.kill()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()


def register(
    address: str, model: str, parameters: Mapping[str, str] | None, tags: Mapping[str, str] | None = None
) -> str:
    """Register a version of a model from a run with parameters, or without one, and return its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException

        client = MlflowClient(address, address)
        try:
            client.get_registered_model(model)
        except MlflowException:
            client.create_registered_model(model)
        run = None if parameters is None else client.create_run("0").info.run_id
        for name, text in (parameters or {}).items():
            client.log_param(run, name, text)
        source = f"s3://models/{model}" if run is None else f"runs:/{run}/model"
        return str(client.create_model_version(model, source, run_id=run, tags=dict(tags or {})).version)


def point(address: str, model: str, alias: str, version: str) -> None:
    """Let an alias lead to a version."""
    from mlflow import MlflowClient

    MlflowClient(address, address).set_registered_model_alias(model, alias, version)


@pytest.fixture(scope="session")
def mlflow_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that the tests of a session share; models are told apart by their names."""
    with mlflow_server(tmp_path_factory.mktemp("mlflow")) as address:
        yield address
