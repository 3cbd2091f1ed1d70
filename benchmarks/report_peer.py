"""Evidently's side of ``report.py``, run by an interpreter that has Evidently and not the auditor.

Arguments: rows, columns, how often to time, and a file for the page. Prints one JSON object: the processor
seconds of rendering a finished report, those of running and rendering it, and the bytes of the page.
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


def main():
    """Measure and print."""
    rows, columns, rounds = map(int, sys.argv[1:4])
    page = Path(sys.argv[4])
    rng = np.random.default_rng(1)
    then, now = (
        pd.DataFrame({f"c{place:02}": rng.normal(shift * (place < 5), 1, rows) for place in range(columns)})
        for shift in (0.0, 0.5)
    )
    whole, rendering = [], []
    for _ in range(rounds + 1):
        started = time.process_time()
        found = Report([DataDriftPreset()]).run(current_data=now, reference_data=then)
        ran = time.process_time()
        found.save_html(str(page))
        ended = time.process_time()
        whole.append(ended - started)
        rendering.append(ended - ran)
    print(json.dumps({"whole": whole[1:], "rendering": rendering[1:], "bytes": page.stat().st_size}))


if __name__ == "__main__":
    main()
