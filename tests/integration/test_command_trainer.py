"""A user's own program, in shell, awk and whatever else: what it is handed, what it gives, how it ends."""

import os
import pickle
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from auditor.core.records import (
    Failure,
    FailureKind,
    Fold,
    Job,
    Layout,
    Part,
    Proposal,
    Result,
    Round,
    TrainerFacts,
    TrainerSpec,
    Trial,
)
from auditor.errors import TrainerError
from auditor.executors.pool import PoolExecutor
from auditor.sources.fingerprint import code_version
from auditor.trainers.command import _FOLDERS
from auditor.trainers.describe import describe
from auditor.trainers.train import train

REJECTED = FailureKind.REJECTED
EXAMPLE = Path(__file__).parents[2] / "examples" / "command"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    chance = np.random.default_rng(3)
    rows = pd.DataFrame({"hour": chance.uniform(-1, 1, 600), "wind": chance.standard_normal(600)})
    rows["late"] = (chance.random(600) < 1 / (1 + np.exp(-3 * rows["hour"]))).astype(int)
    rows["delay"] = 10.0 * rows["hour"] + chance.standard_normal(600)
    return rows


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def script(text: str, name: str = "train.sh") -> str:
    """Write a shell script whose ``$1`` is the order, ``of KEY`` a value of it, and return its command."""
    reader = r"""of() { sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},*$/\1/p" "$order"; }"""
    Path(name).write_text(f"order=$1\n{reader}\n{textwrap.dedent(text)}\n")
    return f"sh {name}"


def a_job(
    command: str,
    gives: str = "predictions",
    metric: str = "squared_error",
    *,
    rows: str = "csv",
    seconds: float = 300.0,
    memory: int = 2**30,
    settings: dict[str, object] | None = None,
) -> Job:
    late = metric in ("log_loss", "zero_one", "auc")
    target, other = ("late", "delay") if late else ("delay", "late")
    options = {"gives": gives, "classes": None, "rows": rows, "fidelity": False}
    proposal = Proposal(config=settings or {}, round=Round.COARSE, fold=Fold(Part.SEARCH, 0))  # type: ignore[arg-type]
    return Job(
        trial=Trial(id=0, proposal=proposal, seed=7),
        trainer=TrainerSpec(kind="command", entry=command, fixed={"fixed": "yes"}, options=options),
        layout=Layout(digest="0" * 64, target=target, seed=3, classes=late, drop=(other,)),
        metric=metric,
        vault="/nowhere",
        timeout_seconds=seconds,
        memory_bytes=memory,
    )


def succeeded(result: Result) -> Result:
    assert result.failure is None, result.failure
    return result


def failed(result: Result) -> Failure:
    assert result.failure is not None
    return result.failure


def test_predictions_of_a_script_become_a_loss_per_row(frame: pd.DataFrame) -> None:
    command = script("""
        awk -F, -v g="$(of gain)" 'NR == 1 {print "delay"; next} {print g * $1}' "$(of score)" \\
            > "$(of result)"
    """)

    result = succeeded(train(a_job(command, settings={"gain": 10.0}), frame))

    assert result.losses is not None
    assert result.losses.shape == (90,)
    assert result.loss == pytest.approx(1.0, rel=0.4)


def test_the_example_learns_and_refuses_what_it_cannot_use(frame: pd.DataFrame) -> None:
    command = f"sh {EXAMPLE / 'train.sh'}"

    good = succeeded(
        train(a_job(command, metric="log_loss", settings={"learning_rate": 0.3, "penalty": 0.0}), frame)
    )
    bad = failed(
        train(a_job(command, metric="log_loss", settings={"learning_rate": -1.0, "penalty": 0.0}), frame)
    )

    assert good.loss is not None
    assert good.loss < 0.6
    assert bad == Failure(REJECTED, "learning_rate must be above 0, got -1.0")


def test_labels_come_back_as_the_data_has_them(frame: pd.DataFrame) -> None:
    command = script(
        """awk -F, 'NR == 1 {print "late"; next} {print ($1 > 0)}' "$(of score)" > "$(of result)" """
    )

    result = succeeded(train(a_job(command, metric="zero_one"), frame))

    assert result.loss is not None
    assert result.loss < 0.35


def test_a_column_for_each_class_is_named_like_it(frame: pd.DataFrame) -> None:
    command = script("""awk -F, 'NR == 1 {print "1,0"; next} {print ($1 > 0 ? "0.8,0.2" : "0.2,0.8")}' \\
        "$(of score)" > "$(of result)" """)

    result = succeeded(train(a_job(command, metric="log_loss"), frame))

    assert result.loss is not None
    assert result.loss < 0.6


def test_own_losses_and_a_curve_on_standard_output(frame: pd.DataFrame) -> None:
    command = script("""
        echo curve 10 2.5; echo epoch 11; echo curve 20 nan; echo curve x 3; echo curve 20 1.25
        awk -F, 'NR == 1 {print "loss"; next} {print ($1 - $3) ^ 2}' "$(of score)" > "$(of result)"
    """)

    result = succeeded(train(a_job(command, "losses", "loss"), frame))

    assert [(point.step, point.loss) for point in result.curve] == [(10, 2.5), (20, 1.25)]
    assert result.iterations == 20
    assert result.losses is not None
    assert result.losses.shape == (90,)


def test_a_score_of_which_more_is_better(frame: pd.DataFrame) -> None:
    command = script("""echo curve 1 0.5; printf 'score\\n0.75\\n' > "$(of result)" """)

    result = succeeded(train(a_job(command, "score", "score"), frame))

    assert result.loss == -0.75
    assert result.curve[0].loss == -0.5


def test_parquet_in_and_out(frame: pd.DataFrame) -> None:
    Path("train.py").write_text(
        "import json, sys, pandas as pd\n"
        "order = json.load(open(sys.argv[1]))\n"
        "assert order['settings'] == {'fixed': 'yes', 'gain': 10.0}, order\n"
        "assert order['seed'] == 7 and order['fidelity'] == 1.0 and order['classes'] is None\n"
        "score = pd.read_parquet(order['score'])\n"
        "assert 'delay' in pd.read_parquet(order['fit']) and 'delay' not in score\n"
        "(score[['hour']] * order['settings']['gain']).to_parquet(order['result'])\n"
    )

    result = succeeded(
        train(a_job(f"{sys.executable} train.py", rows="parquet", settings={"gain": 10.0}), frame)
    )

    assert result.loss == pytest.approx(1.0, rel=0.4)


def test_our_own_variables_are_not_for_a_program(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_DATABASE_URL", "postgresql://ann:s3cret@db/ledger")
    monkeypatch.setenv("SHOP_TOKEN", "theirs")
    command = script("""env > seen.txt; printf 'loss\\n1\\n' > "$(of result)" """)

    succeeded(train(a_job(command, "loss", "loss"), frame))

    seen = Path("seen.txt").read_text()
    assert "AUDITOR_" not in seen
    assert "SHOP_TOKEN=theirs" in seen


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("echo no licence >&2; exit 3", FailureKind.ERROR, "ended with exit code 3: no licence"),
        ("exit 65", REJECTED, "the program refused its settings"),
        ("kill -SEGV $$", FailureKind.CRASH, "killed by SIGSEGV"),
        ("true", REJECTED, "wrote no result.csv, though it ended well"),
        ("""printf 'x\\n1\\n' > "$(of result)" """, REJECTED, "predictions of shape (90,)"),
        ("""printf 'x,y\\n1,2\\n' > "$(of result)" """, REJECTED, "one column, got 1 rows of 2"),
        (""": > "$(of result)" """, REJECTED, "result.csv cannot be read"),
        ("""sed 's/.*/oops/' "$(of score)" > "$(of result)" """, REJECTED, "numbers, got 'oops'"),
        ("""sed 's/.*/inf/' "$(of score)" > "$(of result)" """, FailureKind.DIVERGED, "on 90 of 90"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_said(frame: pd.DataFrame, text: str, kind: FailureKind, said: str) -> None:
    failure = failed(train(a_job(script(text)), frame))

    assert failure.kind is kind
    assert said in failure.message


def test_a_program_that_takes_too_much_memory_is_killed(frame: pd.DataFrame) -> None:
    eat = "x = bytearray(300_000_000); x[::4096] = x[::4096]; import time; time.sleep(60)"
    command = f"{sys.executable} -c '{eat}'"

    failure = failed(train(a_job(command, memory=100 * 2**20), frame))

    assert failure.kind is FailureKind.MEMORY
    assert "took more than its 0.0977 GB" in failure.message


MARK = f"{os.getpid()}"
"""In how long our sleepers sleep: others test on this machine at the same time."""

STRAYS = f"""
    sleep 97.{MARK} &
    setsid sleep 98.{MARK} &
    (setsid sh -c 'sleep 99.{MARK} & wait' &)
    sleep 0.3
"""


def sleeping() -> list[str]:
    """Return the sleepers of `STRAYS` that are alive."""
    seen = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return [line[1] for line in seen if line[:1] == ["sleep"] and line[1].endswith(f".{MARK}")]


@pytest.mark.parametrize("then", ["sleep 60", """printf 'loss\\n1\\n' > "$(of result)" """])
def test_nothing_that_a_program_started_outlives_it(frame: pd.DataFrame, then: str) -> None:
    job = a_job(script(STRAYS + then), "loss", "loss", seconds=2.0 if "60" in then else 300.0)

    pool = PoolExecutor(partial(train, frame=frame), workers=1)
    try:
        (result,) = pool.run([job])
        assert eventually(lambda: sleeping() == [])
    finally:
        pool.close()

    if "60" in then:
        assert failed(result) == Failure(FailureKind.TIMEOUT, "did not end within its limit of 2 s")
    else:
        assert result.loss == 1.0


PARENT = """
import pickle, sys
from functools import partial
from pathlib import Path
from auditor.executors.pool import PoolExecutor
from auditor.trainers.train import train

job, frame = pickle.loads(Path(sys.argv[1]).read_bytes())
list(PoolExecutor(partial(train, frame=frame), workers=1).run([job]))
"""


def test_a_program_does_not_outlive_an_auditor_that_is_killed(frame: pd.DataFrame) -> None:
    job = a_job(script(f"touch began; sleep 97.{MARK}"), "loss", "loss", seconds=600.0)
    Path("job.pickle").write_bytes(pickle.dumps((job, frame)))
    auditor = subprocess.Popen([sys.executable, "-c", PARENT, "job.pickle"])

    assert eventually(Path("began").exists)
    auditor.kill()
    auditor.wait()

    assert eventually(lambda: sleeping() == [])


def eventually(what: Callable[[], bool]) -> bool:
    for _ in range(900):
        if what():
            return True
        time.sleep(0.1)
    return False


def test_what_a_killed_worker_left_behind_is_removed(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(Path.cwd()))
    left, held = Path(f"{_FOLDERS}999999999-x"), Path(f"{_FOLDERS}{os.getpid()}-x")
    left.mkdir()
    held.mkdir()
    command = script("""printf 'loss\\n1\\n' > "$(of result)" """)

    succeeded(train(a_job(command, "loss", "loss"), frame))

    assert not left.exists()
    assert [path.name for path in Path().glob(f"{_FOLDERS}*")] == [held.name]


def test_a_program_says_what_it_gives_before_an_audit() -> None:
    job = a_job(script("true"), "score")

    assert describe(job.trainer, {}, "score") == TrainerFacts(
        classifier=None, curve=None, defaults={}, by_row=False
    )


@pytest.mark.parametrize("program", ["Rscripts train.R", "./train"])
def test_a_program_that_is_not_there_is_told_before_an_audit(program: str) -> None:
    with pytest.raises(TrainerError, match=r"trainer\.command"):
        describe(a_job(program).trainer, {}, "squared_error")


def test_the_code_of_a_command_is_the_script_that_it_names() -> None:
    trainer = a_job(script("true")).trainer
    before = code_version(trainer)

    Path("train.sh").write_text("false\n")

    assert before.trainer == "sh train.sh"
    assert before.digest is not None
    assert code_version(trainer).digest not in (None, before.digest)
    Path("train.sh").unlink()
    assert code_version(trainer).digest is None


def test_a_command_line_keeps_its_quotes(frame: pd.DataFrame) -> None:
    shutil.copy(shutil.which("sh") or "/bin/sh", "my shell")
    script("""printf 'loss\\n1\\n' > "$(of result)" """)

    assert succeeded(train(a_job("'./my shell' train.sh", "loss", "loss"), frame)).loss == 1.0
