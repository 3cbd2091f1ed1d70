"""Bad input: one clear line for each mistake, exit code 2, and nothing half-written.

Commands take seconds, nearly all of it to start; so all of them are started at once, two at a time, and
each test waits for its own.
"""

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.acceptance.conftest import Project, Ran

pytestmark = pytest.mark.slow

SCHEDULE = """
[production]
n_neighbors = 3

[data]
source = "rows.parquet"
target = "y"

[trainer]
estimator = "sklearn.neighbors:KNeighborsRegressor"

[search.n_neighbors]
low = 2
high = 50

[policy]
metric = "squared_error"

[budget]
trials = 6
workers = 1
"""

MODELS = """
import time

from sklearn.neighbors import KNeighborsRegressor


class Slow(KNeighborsRegressor):
    def fit(self, X, y):
        time.sleep(60)


class Raises(KNeighborsRegressor):
    def fit(self, X, y):
        raise RuntimeError("the warehouse\\n\\x1b[31mis <b>down</b>")


class Picky(KNeighborsRegressor):
    def fit(self, X, y):
        if self.n_neighbors != 3:
            raise ValueError("only 3 will do")
        return super().fit(X, y)
"""

NAMES = "must be 1 to 100 letters, digits, '-', '_' and '.' and start with a letter or a digit"


def schedule(*changes: tuple[str, str]) -> str:
    """The schedule, with some of its words changed."""
    text = SCHEDULE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def rows(count: int = 240, **columns: Any) -> pd.DataFrame:
    chance = np.random.default_rng(0)
    a = chance.uniform(-3.0, 3.0, count)
    target = np.sin(a) + 0.3 * chance.standard_normal(count)
    return pd.DataFrame({"a": a, "y": target}).assign(**columns)


def in_place_of(table: pd.DataFrame, **cells: Any) -> pd.DataFrame:
    """The rows with the first cell of some columns changed."""
    table = table.copy()
    for name, value in cells.items():
        table.loc[0, name] = value
    return table


def written(content: bytes, name: str) -> Callable[[Project], object]:
    return lambda project: (project.folder / name).write_bytes(content)


def cut_short(project: Project) -> None:
    path = project.folder / "rows.parquet"
    path.write_bytes(path.read_bytes()[:1000])


@dataclass(frozen=True)
class Case:
    """Something wrong, and what is to be said of it.

    ``says`` is everything that is said after ``auditor: ``; after ``...`` a library says the rest.
    ``begun`` is whether the audit had begun, so that its failure is on record.
    """

    name: str
    says: str
    text: str | bytes = SCHEDULE
    table: pd.DataFrame | None = None
    change: Callable[[Project], object] | None = None
    begun: bool = False
    schedule: str = "m"
    arguments: tuple[str, ...] = ("run", "m")


DECLARED = [
    Case(
        "every mistake of a file is listed at once, with the nearest known key",
        "schedules/m.toml: 3 problems\n"
        "  search.n_neighbors.low  a log scale holds values above 0, got 0.0\n"
        "  policy.margn            unknown key; did you mean 'margin'?\n"
        "  budget.workers          must be 1 or more, got 0",
        schedule(
            ("low = 2", 'scale = "log"\nlow = 0'), ("[budget]", 'margn = "1%"\n[budget]'), ("s = 1", "s = 0")
        ),
    ),
    Case(
        "a range without room",
        "schedules/m.toml: 1 problem\n"
        "  search.n_neighbors.high  must be above low, got low = 3.0 and high = 3.0",
        schedule(("low = 2\nhigh = 50", "low = 3\nhigh = 3")),
    ),
    Case(
        "production outside its range",
        "schedules/m.toml: 1 problem\n"
        "  production.n_neighbors  lies above the high end of its search, 50, got 300",
        schedule(("n_neighbors = 3", "n_neighbors = 300")),
    ),
    Case(
        "no TOML",
        "schedules/m.toml: 1 problem\n  line 13, column 7  is not TOML: invalid value",
        schedule(("low = 2", "low = ")),
    ),
    Case(
        "TOML too deep for Python",
        "schedules/m.toml: 1 problem\n  file  is not TOML: maximum recursion depth exceeded...",
        "a = " + "[" * 5000,
    ),
    Case(
        "no UTF-8",
        "schedules/m.toml: is not UTF-8 in line 22; save it as UTF-8",
        f"{SCHEDULE}# caf\xe9".encode("latin-1"),
    ),
    Case("an empty file", "schedules/m.toml: is empty; a schedule needs [data] and [trainer] at least", ""),
    Case(
        "a model's name that would leave the folder",
        f"schedules/m.toml: 1 problem\n  model  {NAMES}, got '../../x<script>'",
        f'model = "../../x<script>"\n{SCHEDULE}',
    ),
    Case(
        "a model's name of 300 letters",
        f"schedules/m.toml: 1 problem\n  model  {NAMES}, got '{'x' * 79}...",
        f'model = "{"x" * 300}"\n{SCHEDULE}',
    ),
    Case(
        "a file's name with a space, and no other for the model",
        f"schedules/my model.toml: 1 problem\n  file name  {NAMES}, got 'my model'; rename it, or give "
        'model = "..." in it',
        schedule="my model",
        arguments=("run", "my model"),
    ),
    Case("an unknown schedule", "no schedule 'n' in schedules/; there are: m", arguments=("run", "n")),
    Case(
        "a schedule that is a path",
        "no schedule '../../x<script>' in schedules/; there are: m",
        arguments=("run", "../../x<script>"),
    ),
    Case(
        "a schedule's name that steers the terminal",
        "no schedule '\\x1b[31m' in schedules/; there are: m",
        arguments=("check", "\x1b[31m"),
    ),
    Case(
        "no schedules",
        "no folder 'schedules' here; run auditor where it lies; `auditor init NAME` makes one",
        change=lambda project: (project.folder / "schedules").rename(project.folder / "plans"),
    ),
]

TRAINED = [
    Case(
        "an estimator that does not exist",
        "'sklearn.neighbors:KNeighborRegressor': module 'sklearn.neighbors' has no 'KNeighborRegressor'; "
        "did you mean 'KNeighborsRegressor'?",
        schedule((":KNeighborsRegressor", ":KNeighborRegressor")),
    ),
    Case(
        "a module that does not exist",
        "'shop.churn:build': there is no module 'shop' in the current folder or among the installed ...",
        schedule(("sklearn.neighbors:KNeighborsRegressor", "shop.churn:build")),
    ),
    Case(
        "a setting that the estimator does not have",
        "sklearn.neighbors:KNeighborsRegressor: KNeighborsRegressor has no setting 'weight'; "
        "did you mean 'weights'?",
        schedule(("n_neighbors = 3", 'n_neighbors = 3\nweight = "uniform"')),
    ),
    Case(
        "a metric that needs probabilities which the model has not",
        "sklearn.svm:LinearSVC: LinearSVC with these settings gives no probabilities, which the metric "
        "'log_loss' needs; choose settings that give them, wrap it in CalibratedClassifierCV, or take the "
        "metric 'zero_one'",
        schedule(
            ("n_neighbors = 3", "C = 1.0"),
            ("sklearn.neighbors:KNeighborsRegressor", "sklearn.svm:LinearSVC"),
            ("search.n_neighbors]\nlow = 2", "search.C]\nlow = 0.1"),
            ("squared_error", "log_loss"),
        ),
    ),
    Case(
        "a metric for another kind of model",
        "the metric 'log_loss' is for models that predict class labels; KNeighborsRegressor predicts numbers",
        schedule(("squared_error", "log_loss")),
    ),
    Case(
        "an unknown metric",
        "there is no metric 'squared_eror'; did you mean 'squared_error'?",
        schedule(("squared_error", "squared_eror")),
    ),
    Case(
        "a target that is not there",
        "rows.parquet: has no column 'yy' (data.target); there are: a, y; did you mean 'y'?",
        schedule(('target = "y"', 'target = "yy"')),
    ),
    Case(
        "a target that never changes",
        "rows.parquet: column 'y' (data.target) holds 1.0 in every row; there is nothing to predict",
        table=rows(y=1.0),
    ),
    Case(
        "a target with gaps",
        "rows.parquet: 1 of 240 rows have no value in column 'y' (data.target); leave these rows out of the "
        "source, or fill them",
        table=in_place_of(rows(), y=np.nan),
    ),
    Case(
        "no file of rows",
        "rows.parquet: no such file; paths are relative to the folder auditor is run in",
        change=lambda project: (project.folder / "rows.parquet").unlink(),
    ),
    Case("an empty Parquet file", "rows.parquet: is empty", change=written(b"", "rows.parquet")),
    Case(
        "half a Parquet file",
        "rows.parquet: cannot be read; it is damaged, cut short, or not what it is called: ArrowInvalid: ...",
        change=cut_short,
    ),
    Case(
        "an empty CSV file",
        "rows.csv: is empty",
        schedule(("rows.parquet", "rows.csv")),
        change=written(b"", "rows.csv"),
    ),
    Case(
        "a CSV file of heads only",
        "rows.csv: has no rows, only the columns a, y",
        schedule(("rows.parquet", "rows.csv")),
        change=written(b"a,y\n", "rows.csv"),
    ),
    Case(
        "half a CSV file",
        "rows.csv: cannot be read; it is damaged, cut short, or not what it is called: ArrowInvalid: ...",
        schedule(("rows.parquet", "rows.csv")),
        change=written(b"a,y\n" + b"0.5,1\n" * 300 + b"0.", "rows.csv"),
    ),
    Case(
        "half a packed CSV file",
        "rows.csv.gz: is cut short: EOFError: ...",
        schedule(("rows.parquet", "rows.csv.gz")),
        change=written(gzip.compress(rows().to_csv().encode())[:2000], "rows.csv.gz"),
    ),
]

BEGUN = [
    Case(
        "too few rows to confirm",
        "rows.parquet: too few confirming rows: 75 from 150 rows, at least 100 are needed",
        table=rows(150),
    ),
    Case(
        "a single class to confirm on",
        "rows.parquet: the target is 1 in all 120 rows to confirm on; at least 2 different values are needed",
        schedule(
            ('target = "y"', 'target = "y"\ntime = "t"'),
            (":KNeighborsRegressor", ":KNeighborsClassifier"),
            ("squared_error", "log_loss"),
        ),
        table=rows(y=np.repeat([0, 1, 0, 1, 1, 1, 1, 1], 30), t=np.arange(240)),
    ),
    Case(
        "a text to predict, for a model of numbers",
        "rows.parquet: column 'y' (data.target) holds 'u', which is no number; the trainer or the metric is "
        "for numbers",
        table=rows(y=["u", "v"] * 120),
    ),
    Case(
        "a column of text, for a model that cannot take it",
        "production itself does not train (error): sklearn.neighbors:KNeighborsRegressor cannot read columns "
        "that are not numbers ('town'); encode them in a pipeline, or list them in data.drop",
        table=rows(town="Bern"),
    ),
    Case(
        "a setting that the estimator refuses",
        "production itself does not train (rejected): InvalidParameterError: The 'weights' parameter of "
        "KNeighborsRegressor must be a str among ...",
        schedule(("n_neighbors = 3", 'n_neighbors = 3\nweights = "heavy"')),
    ),
    Case(
        "production that takes too long",
        "production itself does not train (timeout): did not end within its limit of 1 s; raise "
        "budget.trial_timeout or give fewer rows",
        schedule(("sklearn.neighbors:KNeighborsRegressor", "models:Slow")) + 'trial_timeout = "1 s"\n',
    ),
    Case(
        "production that raises",
        "production itself does not train (error): RuntimeError: the warehouse \\x1b[31mis <b>down</b>",
        schedule(("sklearn.neighbors:KNeighborsRegressor", "models:Raises")),
    ),
    Case(
        "challengers that all fail",
        "production and at least one challenger must train on every split of the search part: ...",
        schedule(("sklearn.neighbors:KNeighborsRegressor", "models:Picky")),
    ),
    Case(
        "a share of no loss at all as the margin",
        "schedules/m.toml: policy.margin  1% of production's loss is 0, and a margin must be above 0; "
        "give it as a number in units of loss",
        table=rows(a=np.repeat([0.0, 1.0, 2.0], 80), y=np.repeat([0.0, 1.0, 2.0], 80)),
    ),
]

CASES = {case.name: replace(case, begun=case in BEGUN) for case in [*DECLARED, *TRAINED, *BEGUN]}


@dataclass(frozen=True)
class Refused:
    """What came of a case, and what `auditor status --json` says afterwards."""

    project: Project
    ran: Ran
    status: Ran


def refuse(case: Case, folder: Path) -> Refused:
    project = set_up(case, folder)
    ran = project.run(*case.arguments)
    return Refused(project, ran, project.run("status", "--json"))


def set_up(case: Case, folder: Path) -> Project:
    (folder / "schedules").mkdir(parents=True)
    project = Project(folder)
    text = case.text if isinstance(case.text, bytes) else case.text.encode()
    (folder / "schedules" / f"{case.schedule}.toml").write_bytes(text)
    project.rows(rows() if case.table is None else case.table)
    project.write("models.py", MODELS)
    if case.change is not None:
        case.change(project)
    return project


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Refused]]]:
    folder = tmp_path_factory.mktemp("refused")
    with ThreadPoolExecutor(2) as pool:
        yield {
            case.name: pool.submit(refuse, case, folder / str(number))
            for number, case in enumerate(CASES.values())
        }
        pool.shutdown(cancel_futures=True)


def assert_said(ran: Ran, says: str) -> None:
    """Nothing but the expected words, after the lines of progress."""
    lines = [line for line in ran.err.splitlines() if not line.endswith("trainings done")]
    said, expected = "\n".join(lines), f"auditor: {says}"
    known, dots, _ = expected.partition("...") if says.endswith("...") else (expected, "", "")
    assert said == known or (dots and said.startswith(known)), said
    assert len(lines) == len(expected.splitlines())
    assert (ran.code, ran.out) == (2, "")


def assert_whole(folder: Path) -> None:
    """What lies in the ledger, the vault and the reports is there whole, or not at all."""
    assert not [path for path in folder.rglob("*") if ".part" in path.suffixes or path.suffix == ".partial"]
    for path in (folder / "vault").glob("??/*.parquet"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    for page in (folder / "reports").rglob("*.html"):
        assert page.read_text().rstrip().endswith("</html>")
    for page in (folder / "reports").glob("*/????-??-??-*.html"):
        json.loads(page.with_suffix(".json").read_text())
    if (folder / "auditor.db").exists():
        with sqlite3.connect(folder / "auditor.db") as ledger:
            assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ledger.close()


def left_behind(project: Project) -> set[str]:
    files = (path.relative_to(project.folder) for path in project.folder.rglob("*") if path.is_file())
    return {file.parts[0] for file in files} - {"models.py", "rows.parquet", "rows.csv", "rows.csv.gz"}


@pytest.mark.parametrize("name", [case.name for case in DECLARED])
def test_a_wrong_schedule_is_told_and_nothing_is_begun(refused, name):
    case, found = CASES[name], refused[name].result()

    assert_said(found.ran, case.says)
    assert left_behind(found.project) <= {"schedules", "plans", "auditor.db"}
    assert (found.status.code, found.status.facts["models"]) == (0, [])


@pytest.mark.parametrize("name", [case.name for case in TRAINED])
def test_what_cannot_be_audited_is_told_and_no_audit_is_begun(refused, name):
    case, found = CASES[name], refused[name].result()

    assert_said(found.ran, case.says)
    assert_whole(found.project.folder)
    assert left_behind(found.project) == {"schedules", "auditor.db", "vault"}
    assert not list((found.project.folder / "vault").rglob("*.parquet"))
    assert (found.status.code, found.status.facts["models"]) == (0, [])


@pytest.mark.parametrize("name", [case.name for case in BEGUN])
def test_an_audit_that_fails_is_on_record_with_a_page_that_says_why(refused, name):
    case, found = CASES[name], refused[name].result()
    folder = found.project.folder

    assert_said(found.ran, case.says)
    assert_whole(folder)
    (page,) = folder.glob("reports/m/*-1.html")
    assert "<b>down" not in page.read_text()
    assert json.loads(page.with_suffix(".json").read_text())["error"].startswith(
        case.says.removesuffix("...")
    )
    assert [audit["state"] for audit in found.status.facts["models"]] == ["failed"]
    assert found.status.code == 2


def test_a_check_says_all_that_is_wrong_in_one_go_and_still_checks_the_rest(project):
    project.rows(rows())
    project.write("schedules/good.toml", SCHEDULE)
    wrong = {f"x{number}": case for number, case in enumerate(checkable())}
    for name, case in wrong.items():
        project.write(f"schedules/{name}.toml", str(case.text))

    ran = project.run("check")

    assert ran.code == 2
    assert ran.out.startswith("good: ready\n")
    for name, case in wrong.items():
        expected = case.says.removeprefix("schedules/m.toml: ").removesuffix("...")
        assert f"auditor: schedules/{name}.toml: {expected}" in ran.err
    assert ran.err.count("auditor: ") == len(wrong)
    assert "Traceback" not in ran.err
    assert left_behind(project) == {"schedules"}


def checkable() -> Iterator[Case]:
    """The cases whose fault is in the schedule's text alone."""
    for case in [*DECLARED, *TRAINED]:
        alone = case.table is None and case.change is None and case.schedule == "m"
        if alone and case.arguments == ("run", "m") and isinstance(case.text, str):
            yield case


@pytest.mark.parametrize("model", ["größe-模型", "模" * 100])
def test_letters_of_any_alphabet_are_welcome_and_so_are_spaces_in_a_file_s_name(project, model):
    project.rows(rows())
    project.write('schedules/mein "modell" <ü> $(id).toml', f'model = "{model}"\n{SCHEDULE}')

    ran = project.run("run", 'mein "modell" <ü> $(id)', "--json")

    assert ran.code in (0, 1, 3), ran.err
    assert ran.facts["model"] == model
    assert_whole(project.folder)
    (page,) = project.folder.glob("reports/*/*-1.html")
    assert page.read_text().count(model) >= 1
    assert project.run("status", "--json").facts["models"][0]["model"] == model
