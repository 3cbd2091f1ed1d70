"""What a worker process runs: one job, from its names to its result.

The only place where the vault and the trainers meet. A job carries names and numbers; the
rows are opened here, memory-mapped and kept for the next job. Where the vault is on another machine, this
one keeps copies, in the folder that its own environment says. Libraries are imported inside the
functions: the process that hands out the jobs does without them.
"""

import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.core.records import Config, Job, Result, Round, TrainerFacts, TrainerSpec
from auditor.errors import AuditorError
from auditor.settings import cache_folder, copies_of, is_url

if TYPE_CHECKING:
    import pandas as pd

    from auditor.storage.nearby import Nearby


def perform(job: Job) -> Result:
    """Train one configuration on one fold and return what came of it."""
    from auditor.trainers.train import train

    if job.trial.proposal.round in (Round.START, Round.TURN, Round.REVIEW):
        return _carried_on(job)
    rows, older = _rows(job)
    result = train(job, rows, older)
    # Of production only: one measures it to choose a strategy, and a system call a trial is not free.
    asked = job.trial.proposal.round is Round.PRODUCTION
    return replace(result, peak_bytes=_peak_bytes()) if asked else result


def perform_together(jobs: Sequence[Job]) -> tuple[Result | None, ...]:
    """Train configurations on one fold in one pass; None for each that has to be trained by itself."""
    from auditor.trainers.train import train_together

    rows, older = _rows(jobs[0])
    return train_together(jobs, rows, older)


def _peak_bytes() -> int:
    """Return the most memory that this process, or one that it started, has had so far."""
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most if sys.platform == "darwin" else 1024 * most


def bring(jobs: Sequence[Job]) -> None:
    """Have here what jobs need of a vault on another machine, before the time of any trial runs.

    What cannot be fetched is told of by the trial that misses it.
    """
    for job in jobs:
        if is_url(job.vault):
            with suppress(AuditorError):
                for layout in (job.layout, job.fit_on):
                    if layout is not None:
                        _nearby(job.vault).bring_snapshot(layout.digest)


def _carried_on(job: Job) -> Result:
    """Begin, carry on or review a live model, with its checkpoints in the vault."""
    from auditor.storage.checkpoints import checkpoint_path, file_checkpoint, room_for_one
    from auditor.trainers.train import train
    from auditor.trainers.training import Carry

    proposal, here = job.trial.proposal, _nearby(job.vault)
    folder, resume = str(here.folder), None
    if proposal.resume_from is not None:
        here.bring_checkpoint(proposal.resume_from)
        resume = checkpoint_path(folder, proposal.resume_from)
    frame, _ = _rows(job)
    if proposal.round is Round.REVIEW:
        return train(job, frame, carry=Carry(resume=resume))
    with room_for_one(folder) as path:
        result = train(job, frame, carry=Carry(resume=resume, leave=path))
        if result.failure is not None:
            return result
        filed = file_checkpoint(folder, path)
    here.send_checkpoint(filed)
    return replace(result, checkpoint=filed)


def _rows(job: Job) -> "tuple[pd.DataFrame, pd.DataFrame | None]":
    """Return the rows that a job is about, and the older ones to fit on, if there are any."""
    from auditor.storage.vault import open_frame

    here = _nearby(job.vault)

    def opened(digest: str) -> "pd.DataFrame":
        here.bring_snapshot(digest)
        return open_frame(str(here.folder), digest)

    return opened(job.layout.digest), None if job.fit_on is None else opened(job.fit_on.digest)


def _nearby(vault: str) -> "Nearby":
    from auditor.storage.nearby import Nearby

    if is_url(vault):
        return Nearby(copies_of(vault, cache_folder(os.environ)), vault)
    return Nearby(Path(vault))


def describe(trainer: TrainerSpec, config: Config, metric: str) -> TrainerFacts:
    """Build the trainer once with a configuration, and say what it is.

    Raises
    ------
    TrainerError
        If it does not exist, refuses a setting, or cannot give what the metric needs.
    """
    from auditor.trainers.describe import describe as ask

    return ask(trainer, config, metric)
