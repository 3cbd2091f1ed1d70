"""What a deploy job calls."""

import pandas as pd
import pytest

import auditor
from auditor.errors import CaptureError, DeclarationError
from auditor.interface import notice
from auditor.settings import Settings
from auditor.storage.vault import open_frame
from auditor.wiring import open_ledger

SCHEDULE = """
model = "prices"

[production]
alpha = 1.0
fit_intercept = true

[data]
source = "rows.csv"
target = "y"

[trainer]
estimator = "sklearn.linear_model:Ridge"
"""

ROWS = pd.DataFrame({"x": [1.0, 2.0], "y": [0.5, 1.5]})


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITOR_EXECUTOR", "inline")
    for name in ("DATABASE_URL", "VAULT", "REPORTS", "SCHEDULES"):
        monkeypatch.delenv(f"AUDITOR_{name}", raising=False)
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "nightly.toml").write_text(SCHEDULE)
    return tmp_path


def test_what_is_handed_over_is_recorded_with_where_it_came_from(project):
    recorded = auditor.capture("nightly", {"alpha": 0.1})

    assert (recorded.id, recorded.model) == (1, "prices")
    assert recorded.config == {"alpha": 0.1, "fit_intercept": True}
    assert {each.name: each.origin for each in recorded.settings}["alpha"] == "auditor.capture"
    assert open_ledger(Settings()).latest_capture("prices") == recorded
    assert recorded.snapshot is None


def test_rows_that_production_was_tuned_on_are_filed(project):
    recorded = auditor.capture("nightly", data=ROWS)

    pd.testing.assert_frame_equal(open_frame(str(project / "vault"), recorded.snapshot), ROWS)


def test_rows_can_be_read_from_where_the_schedule_says(project):
    ROWS.to_csv(project / "rows.csv", index=False)

    recorded = auditor.capture("nightly", data=True)

    pd.testing.assert_frame_equal(open_frame(str(project / "vault"), recorded.snapshot), ROWS)


def test_an_object_is_no_setting(project):
    with pytest.raises(CaptureError) as caught:
        auditor.capture("nightly", {"alpha": {"of": 0.1}})

    assert str(caught.value) == (
        "setting 'alpha' is a dict, got {'of': 0.1}; a setting is a number, a text, true, false or none, "
        "or a list of those"
    )


def test_a_list_is_as_many_settings_as_it_has_parts(project):
    assert auditor.capture("nightly", {"sizes": [10, 5], "alpha": 0.1}).config == {
        "alpha": 0.1,
        "fit_intercept": True,
        "sizes[0]": 10,
        "sizes[1]": 5,
    }


def test_a_change_of_production_is_noticed_once(project):
    schedule = project / "schedules" / "nightly.toml"
    first = notice("nightly")
    again = notice("nightly")
    schedule.write_text(SCHEDULE.replace("alpha = 1.0", "alpha = 0.5"))

    changed = notice("nightly")

    assert (first.id, again, changed.id, notice("nightly")) == (1, None, 2, None)
    assert changed.config["alpha"] == 0.5
    assert [each.config["alpha"] for each in open_ledger(Settings()).captures("prices")] == [1.0, 0.5]


def test_a_change_cannot_be_noticed_where_nobody_said_where_to_look(project):
    text = "model" + SCHEDULE.partition("model")[2].replace("alpha = 1.0\nfit_intercept = true\n", "")
    (project / "schedules" / "nightly.toml").write_text(text)

    with pytest.raises(CaptureError, match="does not say where production lives"):
        notice("nightly")


def test_a_schedule_that_is_not_there_is_told_by_name(project):
    with pytest.raises(DeclarationError, match=r"no schedule 'daily'.*there are: nightly"):
        auditor.capture("daily")


def test_a_training_is_told_what_an_audit_would_read(project):
    runs = {"alpha": 1.0, "fit_intercept": True}

    assert auditor.production("nightly") == runs
    auditor.capture("nightly", {"alpha": 0.5})
    assert auditor.production("nightly") == runs  # the schedule says where production lives

    (project / "schedules" / "nightly.toml").write_text(SCHEDULE.replace("alpha = 1.0", "sizes = [10, 5]"))
    assert auditor.production("nightly") == {"sizes": (10, 5), "fit_intercept": True}


def test_asking_what_production_runs_leaves_nothing_behind(project):
    before = sorted(project.rglob("*"))

    assert auditor.production("nightly") == {"alpha": 1.0, "fit_intercept": True}

    assert sorted(project.rglob("*")) == before
