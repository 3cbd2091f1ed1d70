"""The training job: trains with production's settings, and registers the version that is served then."""

from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import mlflow
from digits import rows
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

import auditor

MODEL = "digits"
TUNED_ONCE = {"n_neighbors": 150, "weights": "uniform"}  # for fifty times as many rows, a long time ago


def settings(client: MlflowClient) -> dict[str, object]:
    """Return what the champion runs, or is to run since `auditor apply`; at first, what was tuned once."""
    try:
        client.get_registered_model(MODEL)
    except MlflowException:
        client.create_registered_model(MODEL)
        return dict(TUNED_ONCE)
    return dict(auditor.production("digits"))


def main() -> None:
    """Train once, log the run, register its version and let it be the champion."""
    client = MlflowClient()
    chosen = settings(client)
    frame = rows()
    pixels, digit = frame.drop(columns="target"), frame["target"]
    model = KNeighborsClassifier(**chosen)
    with mlflow.start_run() as run, TemporaryDirectory() as folder:
        mlflow.log_params(chosen)
        mlflow.log_metric("accuracy", float(cross_val_score(model, pixels, digit).mean()))
        file = Path(folder) / "model.joblib"
        joblib.dump(model.fit(pixels, digit), file)
        mlflow.log_artifact(str(file))
    version = client.create_model_version(MODEL, run.info.artifact_uri, run_id=run.info.run_id).version
    client.set_registered_model_alias(MODEL, "champion", version)
    print(f"version {version}: {chosen}")  # noqa: T201 - a program


if __name__ == "__main__":
    main()
