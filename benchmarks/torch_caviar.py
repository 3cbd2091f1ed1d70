"""Many small networks at once, beside Optuna and beside torch's own loop.

Digits, 64 columns, batches of 32, Adam. Optuna draws 32 configurations at random and trains each in a lean
loop of tensors on the rows, in the order and from the first weights that ours are trained with, so that both
end with the same scores. Ours are trained as an audit trains them: proposals through runner, executor and
ledger (SQLite on the same disk), with the loss of every scored row recorded, and a learning curve of every
epoch, which Optuna is spared. One process, one thread; imports and data are ready before the clock starts.

Run: ``python -m benchmarks.torch_caviar [--rounds 5] [--only WORD] [--json PATH]``
"""

import argparse
import dataclasses
import functools
import itertools
import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import optuna
import pandas as pd
import torch
from sklearn.datasets import load_digits
from torch import nn

from auditor.core.losses import row_losses
from auditor.core.metrics import metric_named
from auditor.core.records import (
    Config,
    FloatArray,
    Fold,
    Layout,
    Part,
    Proposal,
    Result,
    Round,
    TrainerSpec,
    config_key,
)
from auditor.core.strategies.caviar import LEAST_GOOD
from auditor.core.strategies.halving import Ladder, next_rung
from auditor.executors.inline import InlineExecutor
from auditor.runner import Runner
from auditor.storage.ledger import SqlLedger
from auditor.trainers.networks.chance import order, seed_torch
from auditor.trainers.networks.losses import loss_named
from auditor.trainers.networks.predictions import predictions
from auditor.trainers.networks.tensors import Tables, learned, tables_of
from auditor.trainers.rows import fold_rows, take
from auditor.trainers.train import train, train_together
from benchmarks.engine_overhead import NOW, PLAN, capture, snapshot
from benchmarks.paired import Cost, cost_of, in_turns, print_table, summary, write_json

FRAME = load_digits(as_frame=True).frame
LAYOUT = Layout(
    digest="0" * 64, target="target", seed=1, classes=True, confirm_share=0.06, validation_share=0.2
)
FOLD = Fold(Part.SEARCH, 0)
ROWS = fold_rows(FRAME, LAYOUT, FOLD)
TABLES = tables_of(
    take(FRAME, LAYOUT, ROWS.fit),
    take(FRAME, LAYOUT, ROWS.score).features,
    learned(take(FRAME, LAYOUT, ROWS.fit), classes=True),
    apart=False,
)
TARGET = take(FRAME, LAYOUT, ROWS.score).target
SEED = 11
RUNGS = (1 / 9, 1 / 3, 1.0)


@dataclasses.dataclass(frozen=True)
class Case:
    """Networks of one shape, and how many of them are trained for how long."""

    name: str
    hidden: tuple[int, ...]
    count: int
    epochs: int
    batch_size: int = 32
    made_of: str = "linear"

    @property
    def weights(self) -> int:
        """How many weights a network has."""
        return sum(weight.numel() for weight in network(self).parameters())


SMALL = Case("64-128-10", (128,), 32, 10)
CASES = (
    SMALL,
    Case("64-128-10, 8 at once", (128,), 8, 10),
    Case("64-128-10, by itself", (128,), 1, 10),
    Case("64-65-65-10, 4 at once", (65, 65), 4, 10),
    Case("64-410-410-10", (410, 410), 16, 3),
    Case("64-410-410-10, by itself", (410, 410), 1, 6),
    Case("64-580-580-10, 8 at once", (580, 580), 8, 3),
    Case("64-700-700-10, 2 at once", (700, 700), 2, 6),
    Case("64-1500-1500-10, 2 at once", (1500, 1500), 2, 2),
    Case("64-64-10 with a norm, 32 at once", (64,), 32, 6, made_of="norm"),
    Case("64-64-10 with a norm, 10 at once", (64,), 10, 6, made_of="norm"),
    Case("64-64-10 with a norm, by itself", (64,), 1, 10, made_of="norm"),
    Case("a convolution, 16 at once", (8,), 16, 3, made_of="convolution"),
    Case("64-400-400-10 with norms, 4 at once", (400, 400), 4, 3, made_of="norm"),
    Case("64-256-256-10 with norms and dropout, 4 at once", (256, 256), 4, 3, made_of="norm and dropout"),
    Case("64-64-10 with batch norm, by itself", (64,), 1, 6, made_of="batch norm"),
    Case("a convolution, by itself", (8,), 1, 6, made_of="convolution"),
    Case("a wide convolution, 4 at once", (32,), 4, 2, made_of="convolution"),
    Case("embeddings and 64 units, by itself", (64,), 1, 4, made_of="embedding"),
    Case("embeddings and 64 units, 12 at once", (64,), 12, 2, made_of="embedding"),
    Case("a GRU, 4 at once", (32,), 4, 2, made_of="GRU"),
    Case("an LSTM, 12 at once", (32,), 12, 2, made_of="LSTM"),
    Case("attention, 12 at once", (32,), 12, 2, made_of="attention"),
)
"""The last rows look for what could be slower than torch's own loop: one network, large ones, and what is
not plain, of which small ones are stacked by vmap and the others trained one by one."""


def drawn(count: int, seed: int = 3) -> list[Config]:
    """Return the configurations that Optuna's random sampler draws."""
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    return [_suggested(study.ask()) for _ in range(count)]


def _suggested(trial: optuna.Trial) -> Config:
    return {
        "learning_rate": trial.suggest_float("learning_rate", 1e-4, 1e-1, log=True),
        "beta1": 1.0 - trial.suggest_float("one_minus_beta1", 0.01, 0.5, log=True),
        "beta2": 1.0 - trial.suggest_float("one_minus_beta2", 1e-4, 0.1, log=True),
        "weight_decay": trial.suggest_float("weight_decay", 1e-6, 1e-2, log=True),
    }


def network(case: Case) -> nn.Module:
    """Build a network of a case."""
    return BUILDERS[case.made_of](case.hidden)


def _linear(hidden: tuple[int, ...], *between: Callable[[int], nn.Module], drop: float = 0.0) -> nn.Module:
    steps: list[nn.Module] = []
    widths = (64, *hidden)
    for before, after in itertools.pairwise(widths):
        steps += [nn.Linear(before, after), *(made(after) for made in between), nn.ReLU()]
        if drop:
            steps.append(nn.Dropout(drop))
    return nn.Sequential(*steps, nn.Linear(widths[-1], 10))


def _convolution(hidden: tuple[int, ...]) -> nn.Module:
    (count,) = hidden
    folded = [nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, count, 3), nn.ReLU(), nn.Conv2d(count, count, 3)]
    return nn.Sequential(*folded, nn.ReLU(), nn.Flatten(), nn.Linear(16 * count, 10))


def _embedding(hidden: tuple[int, ...]) -> nn.Module:
    (count,) = hidden
    return nn.Sequential(
        nn.Embedding(17, 4), nn.Flatten(), nn.Linear(64 * 4, count), nn.ReLU(), nn.Linear(count, 10)
    )


class Lines(nn.Module):
    """Reads a digit line by line."""

    def __init__(self, hidden: tuple[int, ...], kind: type[nn.RNNBase]) -> None:
        super().__init__()
        self.read = kind(8, hidden[0], batch_first=True)
        self.last = nn.Linear(hidden[0], 10)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Say which digit it is."""
        said: torch.Tensor = self.last(self.read(pixels.view(-1, 8, 8))[0][:, -1])
        return said


class Attention(nn.Module):
    """Looks at the lines of a digit together."""

    def __init__(self, hidden: tuple[int, ...]) -> None:
        super().__init__()
        self.first = nn.Linear(8, hidden[0])
        self.block = nn.TransformerEncoderLayer(
            hidden[0], 4, 2 * hidden[0], dropout=0.0, batch_first=True, norm_first=True
        )
        self.last = nn.Linear(hidden[0], 10)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Say which digit it is."""
        said: torch.Tensor = self.last(self.block(self.first(pixels.view(-1, 8, 8))).mean(1))
        return said


BUILDERS: Mapping[str, Callable[[tuple[int, ...]], nn.Module]] = {
    "linear": _linear,
    "norm": lambda hidden: _linear(hidden, nn.LayerNorm),
    "norm and dropout": lambda hidden: _linear(hidden, nn.LayerNorm, drop=0.1),
    "batch norm": lambda hidden: _linear(hidden, nn.BatchNorm1d),
    "convolution": _convolution,
    "embedding": _embedding,
    "GRU": lambda hidden: Lines(hidden, nn.GRU),
    "LSTM": lambda hidden: Lines(hidden, nn.LSTM),
    "attention": Attention,
}
"""What networks may be made of, by the word that says so."""


def pixels(rows: pd.DataFrame, fit: pd.DataFrame) -> torch.Tensor:
    """Return pixels as whole numbers for embeddings: what a user's dataset function does."""
    return torch.from_numpy(rows.to_numpy(np.int64))


DATASETS = {"embedding": "benchmarks.torch_caviar:pixels"}


@functools.cache
def tables_for(made_of: str) -> Tables:
    """Return the tensors that torch's own loop finds ready."""
    if made_of not in DATASETS:
        return TABLES
    rows, score = take(FRAME, LAYOUT, ROWS.fit), take(FRAME, LAYOUT, ROWS.score).features
    return tables_of(rows, score, TABLES.encoding, apart=False, dataset=pixels)


def lean_loop(case: Case, config: Config, *, fused: bool, curve: bool = False) -> float:
    """Train one network with torch's own optimizer and return its log-loss at the end.

    Parameters
    ----------
    curve
        Whether it is scored after every epoch.
    """
    seed_torch(SEED)
    net, tables = network(case), tables_for(case.made_of)
    optimizer = torch.optim.Adam(
        net.parameters(),
        lr=config["learning_rate"],
        betas=(config["beta1"], config["beta2"]),
        weight_decay=config["weight_decay"],
        fused=fused,
    )
    inputs, target = tables.fit[0], tables.target
    score = math.nan
    for epoch in range(case.epochs):
        net.train()
        for rows in torch.split(order(SEED, epoch, len(target)), case.batch_size):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(inputs[rows]), target[rows]).backward()
            optimizer.step()
        if curve or epoch == case.epochs - 1:
            score = float(_row_losses(net, tables).mean())
    return score


def _row_losses(net: nn.Module, tables: Tables) -> FloatArray:
    net.eval()
    with torch.no_grad():
        outputs = net(tables.score[0])
    metric = metric_named("log_loss")
    model = predictions(outputs, tables.encoding, loss_named("cross_entropy", metric))
    return row_losses(metric, TARGET, model.predict_proba(TARGET), classes=model.classes_)


class Ours:
    """Configurations through runner, executor and ledger, all in full or through rungs."""

    def __init__(self, case: Case, folder: Path, *, rungs: Sequence[float] = (1.0,)) -> None:
        self._case, self._folder, self._rungs = case, folder, rungs
        self._configs = drawn(case.count)
        self._numbers = itertools.count()
        self.best: tuple[str, float] | None = None
        self.scores: list[float] = []

    def __call__(self, number: int) -> Cost:
        """Train them all, with a fresh ledger, and return what it cost."""
        ledger = SqlLedger(f"sqlite:///{self._folder}/ours{id(self)}-{next(self._numbers)}.db")
        opened = ledger.begin(
            model="digits",
            plan_digest="0" * 64,
            capture=ledger.add_capture(capture()),
            snapshot=snapshot(),
            seed=1,
            now=NOW,
        )
        cost = cost_of(lambda: self._search(ledger, opened.id))
        ledger.close()
        return cost

    def _search(self, ledger: SqlLedger, audit_id: int) -> None:
        runner = self._runner(ledger, audit_id)
        configs, fidelity = self._configs, self._rungs[0]
        while True:
            first = len(runner.history)
            proposals = [
                Proposal(config=config, round=Round.COARSE, fold=FOLD, fidelity=fidelity)
                for config in configs
            ]
            runner.run(proposals, seeds=[SEED] * len(proposals), stage="search")
            rung = runner.history[first:]
            if fidelity == 1.0:
                break
            kept, fidelity = next_rung(rung, Ladder(tuple(self._rungs)), at_least=LEAST_GOOD)
            configs = [result.config for result in kept]
        self.scores = [_loss(result) for result in rung]
        best = min(rung, key=_loss)
        self.best = (config_key(best.config), _loss(best))

    def _runner(self, ledger: SqlLedger, audit_id: int) -> Runner:
        fixed = {
            "epochs": self._case.epochs,
            "batch_size": self._case.batch_size,
            "hidden": str(self._case.hidden),
            "made_of": self._case.made_of,
        }
        dataset = DATASETS.get(self._case.made_of)
        trainer = TrainerSpec(
            kind="torch",
            entry="benchmarks.torch_caviar:built",
            fixed=fixed,
            options={} if dataset is None else {"dataset": dataset},
        )
        executor = InlineExecutor(
            lambda job: train(job, FRAME), together=lambda jobs: train_together(jobs, FRAME)
        )
        tools = SimpleNamespace(
            executor=executor,
            ledger=ledger,
            vault=SimpleNamespace(folder=str(self._folder)),
            progress=SimpleNamespace(step=lambda *_: None),
        )
        policy = dataclasses.replace(PLAN.policy, metric="log_loss")
        plan = dataclasses.replace(PLAN, trainer=trainer, policy=policy)
        return Runner(audit_id=audit_id, plan=plan, layout=LAYOUT, tools=tools)


def built(settings: dict[str, str]) -> nn.Module:
    """Build a network from its settings: what a user's function does."""
    hidden = tuple(int(width) for width in settings["hidden"].strip("(),").split(","))
    return network(Case("", hidden, 0, 0, made_of=settings["made_of"]))


def _loss(result: Result) -> float:
    return math.inf if result.loss is None else result.loss


class Optuna:
    """The same configurations, one after another, in a study."""

    def __init__(self, case: Case, folder: Path | None, *, fused: bool) -> None:
        self._case, self._folder, self._fused = case, folder, fused
        self._numbers = itertools.count()
        self.best: tuple[str, float] | None = None
        self.scores: list[float] = []

    def __call__(self, number: int) -> Cost:
        """Optimise once with a fresh study, and return what it cost."""
        storage = None
        if self._folder is not None:
            path = f"sqlite:///{self._folder}/optuna{id(self)}-{next(self._numbers)}.db"
            storage = optuna.storages.RDBStorage(path)
        study = optuna.create_study(storage=storage, sampler=optuna.samplers.RandomSampler(seed=3))
        configs: list[Config] = []

        def objective(trial: optuna.Trial) -> float:
            configs.append(_suggested(trial))
            return lean_loop(self._case, configs[-1], fused=self._fused)

        cost = cost_of(lambda: study.optimize(objective, n_trials=self._case.count))
        self.scores = [float(trial.value) for trial in study.trials]
        self.best = (config_key(configs[study.best_trial.number]), study.best_value)
        return cost


class Sequential:
    """torch's own loop with fused Adam, one network after another.

    Parameters
    ----------
    curve
        Whether each is scored after every epoch; else once at the end, and nothing is kept.
    """

    def __init__(self, case: Case, *, curve: bool) -> None:
        self._case, self._configs, self._curve = case, drawn(case.count), curve

    def __call__(self, number: int) -> Cost:
        """Train them all and return what it cost."""
        return cost_of(
            lambda: [lean_loop(self._case, config, fused=True, curve=self._curve) for config in self._configs]
        )


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    torch.set_num_threads(1)
    rows: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        for label, measured in _measurements(Path(name)):
            if options.only in label:
                rows[label] = measured(options.rounds)
                print(_line(label, rows[label]), flush=True)
    print_table(f"Networks in one pass; {options.rounds} rounds", rows, peer="peer")
    facts = {"torch": torch.__version__, "fitted_rows": len(ROWS.fit), "scored_rows": len(ROWS.score)}
    write_json(options.json, rows, rounds=options.rounds, **facts)


def _line(label: str, row: Mapping[str, float]) -> str:
    bare = f"; the peer bare {row['bare_cpu']:.2f}c" if "bare_cpu" in row else ""
    return f"{label}: {row['ratio_cpu']:.2f}c {row['ratio_wall']:.2f}w{bare}"


def _measurements(folder: Path) -> list[tuple[str, Callable[[int], dict[str, float]]]]:
    """Return what can be measured, by its label."""
    found: list[tuple[str, Callable[[int], dict[str, float]]]] = [
        ("32 of 64-128-10, Optuna + SQLite", lambda rounds: _beside_optuna(folder, (1.0,), rounds)),
        ("... with halving", lambda rounds: _beside_optuna(folder, RUNGS, rounds)),
        (
            "... Optuna in memory, fused Adam",
            lambda rounds: _beside_optuna(folder, (1.0,), rounds, in_memory=True),
        ),
    ]
    for case in CASES:
        label = f"{case.name} ({case.weights / 1000:.0f} k), fused Adam"
        found.append((label, lambda rounds, case=case: _beside_torch(case, folder, rounds)))
    return found


def _beside_optuna(
    folder: Path, rungs: Sequence[float], rounds: int, *, in_memory: bool = False
) -> dict[str, float]:
    ours = Ours(SMALL, folder, rungs=rungs)
    theirs = Optuna(SMALL, None if in_memory else folder, fused=in_memory)
    costs = in_turns([ours, theirs], rounds=rounds)
    assert ours.best is not None
    assert theirs.best is not None
    same = float(ours.best[0] == theirs.best[0])
    farthest = float(np.max(np.abs(np.array(ours.scores) - theirs.scores))) if len(rungs) == 1 else math.nan
    facts = {"same_winner": same, "best_differs_by": abs(ours.best[1] - theirs.best[1])}
    return summary(*costs) | facts | ({} if math.isnan(farthest) else {"scores_differ_by": farthest})


def _beside_torch(case: Case, folder: Path, rounds: int) -> dict[str, float]:
    ours, same, bare = in_turns(
        [Ours(case, folder), Sequential(case, curve=True), Sequential(case, curve=False)], rounds=rounds
    )
    beside = summary(ours, bare)
    return summary(ours, same) | {"bare_cpu": beside["ratio_cpu"], "bare_wall": beside["ratio_wall"]}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="only measurements whose label holds this word")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
