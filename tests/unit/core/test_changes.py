"""What differs between a capture and today."""

from dataclasses import replace

from auditor.core.changes import code_changes, environment_changes
from auditor.core.records import Change, CodeVersion
from tests.planted import CODE, MACHINE


def test_the_same_machine_has_not_changed():
    assert environment_changes(MACHINE, replace(MACHINE, packages=dict(MACHINE.packages))) == ()


def test_every_fact_that_differs_is_named_once_packages_last_and_in_order():
    then = replace(MACHINE, packages={"scipy": "1.13", "numpy": "1.26", "pandas": "2.2"})
    now = replace(
        MACHINE, cores=4, gpu="H100", blas=None, packages={"numpy": "2.0", "torch": "2.6", "pandas": "2.2"}
    )

    assert environment_changes(then, now) == (
        Change("cores", "2", "4"),
        Change("GPU", "none", "H100"),
        Change("BLAS", "openblas", "none"),
        Change("numpy", "1.26", "2.0"),
        Change("scipy", "1.13", "none"),
        Change("torch", "none", "2.6"),
    )


def test_memory_is_compared_in_whole_gibibytes():
    updated = replace(MACHINE, memory_bytes=MACHINE.memory_bytes - 20 * 2**20)
    doubled = replace(MACHINE, memory_bytes=2 * MACHINE.memory_bytes)

    assert environment_changes(MACHINE, updated) == ()
    assert environment_changes(MACHINE, doubled) == (Change("memory", "8 GiB", "16 GiB"),)


def test_changes_of_code_name_the_trainer_its_source_and_the_commit_by_short_digests():
    now = CodeVersion(trainer="shop:Better", digest=None, commit="b" * 40 + "+")

    assert code_changes(CODE, CODE) == ()
    assert code_changes(CODE, now) == (
        Change("trainer", "shop:Model", "shop:Better"),
        Change("source of the trainer", "c" * 12, "none"),
        Change("git commit", "a" * 12, "b" * 12 + "+"),
    )


def test_a_commit_with_changes_on_top_differs_from_the_commit():
    dirty = replace(CODE, commit="a" * 40 + "+")

    assert code_changes(CODE, dirty) == (Change("git commit", "a" * 12, "a" * 12 + "+"),)
