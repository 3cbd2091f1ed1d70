"""Where networks are trained."""

import torch

from auditor.errors import TrainerError


def device_named(name: str | None) -> str:
    """Return where to train: the CPU unless told otherwise; for ``auto`` a GPU where there is one.

    Raises
    ------
    TrainerError
        If torch knows no such device, or finds none.
    """
    if name is None:
        return "cpu"
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as error:  # torch without CUDA asserts
        what = f"there is no device {name!r} here; allowed: cpu, auto, or what torch calls it (cuda:0)"
        raise TrainerError(what) from error
    return name
