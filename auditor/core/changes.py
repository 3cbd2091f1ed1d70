"""What differs between the machine and the code of a capture and those of today."""

from collections.abc import Sequence

from auditor.core.records import Change, CodeVersion, Environment

_ABSENT = "none"


def environment_changes(then: Environment, now: Environment) -> tuple[Change, ...]:
    """Return every fact of the environment that differs, packages last, each in a line.

    Memory is compared in whole GiB: a kernel update moves it by a few MiB and changes nothing.
    """
    facts = [
        ("Python", then.python, now.python),
        ("platform", then.platform, now.platform),
        ("CPU", then.cpu, now.cpu),
        ("cores", then.cores, now.cores),
        ("memory", _gibibytes(then.memory_bytes), _gibibytes(now.memory_bytes)),
        ("GPU", then.gpu, now.gpu),
        ("GPU driver", then.driver, now.driver),
        ("BLAS", then.blas, now.blas),
    ]
    names = sorted({*then.packages, *now.packages})
    packages = [(name, then.packages.get(name), now.packages.get(name)) for name in names]
    return tuple(_changes([*facts, *packages]))


def code_changes(then: CodeVersion, now: CodeVersion) -> tuple[Change, ...]:
    """Return what differs in the trainer's code: its import path, its source, the git commit."""
    facts = [
        ("trainer", then.trainer, now.trainer),
        ("source of the trainer", _short(then.digest), _short(now.digest)),
        ("git commit", _short(then.commit), _short(now.commit)),
    ]
    return tuple(_changes(facts))


def _changes(facts: Sequence[tuple[str, object, object]]) -> list[Change]:
    return [
        Change(what, _ABSENT if then is None else str(then), _ABSENT if now is None else str(now))
        for what, then, now in facts
        if then != now
    ]


def _gibibytes(size: int) -> str:
    return f"{size / 1024**3:.0f} GiB"


def _short(digest: str | None) -> str | None:
    if digest is None:
        return None
    return digest[:12] + ("+" if digest.endswith("+") else "")
