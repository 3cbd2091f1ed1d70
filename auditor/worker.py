"""What a worker process runs: one job, from its names to its result.

The only place where the vault and the trainers meet. A job carries names and numbers; the
rows are opened here, memory-mapped and kept for the next job. Libraries are imported inside the
functions: the process that hands out the jobs does without them.
"""

from collections.abc import Sequence
from dataclasses import replace

from auditor.core.records import Config, Job, Result, Round, TrainerFacts, TrainerSpec


def perform(job: Job) -> Result:
    """Train one configuration on one fold and return what came of it."""
    from auditor.storage.vault import open_frame
    from auditor.trainers.train import train

    if job.trial.proposal.round in (Round.START, Round.TURN, Round.REVIEW):
        return _carried_on(job)
    older = None if job.fit_on is None else open_frame(job.vault, job.fit_on.digest)
    return train(job, open_frame(job.vault, job.layout.digest), older)


def perform_together(jobs: Sequence[Job]) -> tuple[Result | None, ...]:
    """Train configurations on one fold in one pass; None for each that has to be trained by itself."""
    from auditor.storage.vault import open_frame
    from auditor.trainers.train import train_together

    job = jobs[0]
    older = None if job.fit_on is None else open_frame(job.vault, job.fit_on.digest)
    return train_together(jobs, open_frame(job.vault, job.layout.digest), older)


def _carried_on(job: Job) -> Result:
    """Begin, carry on or review a live model, with its checkpoints in the vault."""
    from auditor.storage.checkpoints import checkpoint_path, file_checkpoint, room_for_one
    from auditor.storage.vault import open_frame
    from auditor.trainers.train import train
    from auditor.trainers.training import Carry

    proposal = job.trial.proposal
    resume = None if proposal.resume_from is None else checkpoint_path(job.vault, proposal.resume_from)
    frame = open_frame(job.vault, job.layout.digest)
    if proposal.round is Round.REVIEW:
        return train(job, frame, carry=Carry(resume=resume))
    with room_for_one(job.vault) as path:
        result = train(job, frame, carry=Carry(resume=resume, leave=path))
        if result.failure is not None:
            return result
        return replace(result, checkpoint=file_checkpoint(job.vault, path))


def describe(trainer: TrainerSpec, config: Config, metric: str) -> TrainerFacts:
    """Build the trainer once with a configuration, and say what it is.

    Raises
    ------
    TrainerError
        If it does not exist, refuses a setting, or cannot give what the metric needs.
    """
    from auditor.trainers.describe import describe as ask

    return ask(trainer, config, metric)
