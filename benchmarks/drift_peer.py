"""Evidently's side of ``drift.py``, run by an interpreter that has Evidently and not the auditor.

Arguments: a folder with ``then.npz`` and ``now.npz`` for each case, and how often to time each.
Prints one JSON object: for each case the seconds of each run, and each column's method, score,
threshold and whether it is called drifted, by Evidently's defaults.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

warnings.simplefilter("ignore")


def frame(path):
    """Return the columns of an .npz file as a frame."""
    with np.load(path, allow_pickle=True) as file:
        columns = {name: file[name] for name in file.files}
    return pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})


def measured(folder, rounds):
    """Return how long the default report takes, and what it says of each column."""
    then, now = frame(folder / "then.npz"), frame(folder / "now.npz")
    seconds = []
    for _ in range(rounds):
        started = time.process_time()
        found = Report([DataDriftPreset()]).run(current_data=now, reference_data=then)
        seconds.append(time.process_time() - started)
    return {"seconds": seconds, "columns": [*columns_of(found.dict())]}


def columns_of(report):
    """Yield what a report says of each column."""
    for metric in report["metrics"]:
        config = metric.get("config", {})
        if "column" in config and "threshold" in config:
            score, threshold = float(metric["value"]), config["threshold"]
            p_value = "p_value" in config["method"]
            yield {
                "name": config["column"],
                "method": config["method"],
                "score": score,
                "moved": score < threshold if p_value else score >= threshold,
            }


if __name__ == "__main__":
    cases = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    print(json.dumps({path.name: measured(path, int(sys.argv[2])) for path in cases}))
