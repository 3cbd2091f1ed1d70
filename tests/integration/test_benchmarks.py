"""The machinery of the benchmarks of verdicts: small, whole, and as they are run."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditor.core.records import config_key
from benchmarks import pseudo_values, real_drift
from benchmarks.beds import BEDS, truth_of
from benchmarks.verdict_quality import (
    LEAST_POWER,
    MOST_WRONG,
    Line,
    Rate,
    Unit,
    broken,
    least,
    most,
    print_tables,
    read,
    run,
    summary,
    write_json,
)

pytestmark = pytest.mark.slow

LINE = Line(
    number=0,
    bed="logistic",
    scenario="null",
    call="fresh",
    gain=-0.001,
    low=-0.003,
    high=0.001,
    truth=-0.001,
    available=0.0,
    tried=0.0,
    looks=1,
    rivals=(),
    trainings={"production": 1, "coarse": 19, "confirm": 18, "scan": 10},
)
ALARM = replace(LINE, call="stale", gain=0.009, low=0.001, high=0.012)
FOUND = replace(ALARM, scenario="3x", truth=0.01, available=0.01)


def test_the_truth_is_known_of_every_configuration_of_every_bed():
    for bed in BEDS.values():
        truth = truth_of(bed)
        assert truth.losses.keys() == {config_key(config) for config in bed.pool}
        assert (
            truth.gain(truth.incumbent(0.0, margin=bed.margin), truth.incumbent(2.0, margin=bed.margin)) < 0
        )


def test_above_its_highest_rung_a_ladder_stays_what_it_is_there():
    truth = truth_of(BEDS["logistic"])

    assert truth.loss({"C_rung": 40}) == truth.loss({"C_rung": 30})


def test_units_are_audited_once_and_a_line_that_was_cut_short_again(tmp_path):
    log = tmp_path / "log.jsonl"
    units = [Unit(0, "logistic", "null"), Unit(0, "logistic", "3x")]

    first = run(units[:1], log, peers_every=0)
    log.write_text(log.read_text() + '{"number": 0, "bed": "logi')
    both = run(units, log, peers_every=1)

    assert first[0] in both
    assert sorted(both, key=str) == sorted(read(log), key=str)
    assert {line.scenario: bool(line.peers) for line in both} == {"null": False, "3x": True}
    assert len(log.read_text().splitlines()) == 2


def test_what_was_measured_is_printed_and_written(tmp_path, capsys):
    print_tables([LINE, ALARM, FOUND])
    write_json(tmp_path / "figures.json", [LINE, ALARM, FOUND])

    assert "**auditor**" in capsys.readouterr().out
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["all"]["false_alarm"] == {"hits": 1, "tries": 3}
    assert figures["cells"]["logistic null"]["trainings"] == 38.0


def test_only_trainings_until_the_call_count_as_spent():
    assert summary([LINE])["trainings"] == 38.0


@pytest.mark.parametrize(("hits", "text"), [(0, "0 (≤ 3.0)"), (50, "50.0 ± 5.0"), (100, "100 (≥ 97.0)")])
def test_a_rate_is_stated_with_its_monte_carlo_error(hits, text):
    assert str(Rate(hits, 100)) == text


def test_calibration_that_holds_is_not_called_broken():
    wrong = most(40, MOST_WRONG)

    assert broken([ALARM] * wrong + [LINE] * (200 - wrong) + [FOUND] * 40) == []


def test_too_many_false_alarms_are_called_broken():
    found = broken([ALARM] * 10 + [LINE] * 30 + [FOUND] * 40)

    assert any(line.startswith("false alarms: 10 of 40") for line in found)


def test_too_little_power_is_called_broken():
    silent = replace(FOUND, call="undecided", low=-0.01)
    enough = least(40, LEAST_POWER)

    found = broken([FOUND] * (enough - 1) + [silent] * (41 - enough))

    assert found == [f"found at three margins: {enough - 1} of 40, and {enough} would be allowed"]


def test_intervals_of_pseudo_values_are_measured(monkeypatch):
    monkeypatch.setattr(pseudo_values, "TRUTH_SAMPLES", 10)

    for metric, positives in (("f1", 0.3), ("balanced_accuracy", 0.3), ("r2", None)):
        found = pseudo_values.measured(pseudo_values.Case(metric, 400, positives), 4)
        assert 0.0 <= found["plain"] <= 1.0
        assert found["standard_error"] > 0.0


def test_what_is_said_of_a_drifting_model_is_set_against_later_rows(tmp_path):
    card = {
        "file": "rows.parquet",
        "features": ["a", "b"],
        "target": "y",
        "task": "binary",
        "order_column": "t",
    }
    rng = np.random.default_rng(1)
    features = rng.standard_normal((1500, 2))
    chance = 1.0 / (1.0 + np.exp(-features[:, 0]))
    rows = pd.DataFrame(features, columns=["a", "b"]).assign(
        t=np.arange(1500), y=(rng.random(1500) < chance).astype(int)
    )
    rows.to_parquet(tmp_path / "rows.parquet")
    Path(tmp_path / "noaa_weather.card.json").write_text(json.dumps(card))
    units = [real_drift.Unit("weather, logistic, rolling", 0, 0.65)]
    log = tmp_path / "log.jsonl"

    first = real_drift.run(units, log, tmp_path)
    again = real_drift.run(units, log, tmp_path)

    assert first[0].after[1] <= first[0].after[0] <= first[0].after[2]
    assert again[0].unit == first[0].unit
    assert len(log.read_text().splitlines()) == 1
