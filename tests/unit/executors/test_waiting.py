"""In which lots a cluster gets its jobs."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.executors.waiting import LARGEST_LOT, LOT_SECONDS, PARTS, Waiting, lot_size
from tests.workloads import job

seconds = st.lists(st.floats(0.0, 1e4), max_size=4)


def filled(count: int) -> Waiting:
    waiting = Waiting()
    waiting.add([[job(number)] for number in range(count)])
    return waiting


def numbers(jobs) -> list[int]:
    return [one.trial.id for one in jobs]


@given(st.integers(1, 10**6), st.integers(1, 500), seconds)
def test_a_lot_is_one_job_at_least_never_more_than_there_are_and_no_longer_than_it_may_last(
    waiting, threads, recent
):
    size = lot_size(waiting, threads=threads, recent=recent)

    assert 1 <= size <= min(waiting, LARGEST_LOT)
    if size > 1:
        assert (size - 1) * max(recent) <= LOT_SECONDS


def test_before_anything_is_known_of_their_length_jobs_go_out_by_themselves():
    assert lot_size(1000, threads=1, recent=[]) == 1


def test_jobs_that_last_a_moment_are_not_shared_out_to_the_last_one():
    waiting, sizes = filled(2_000), []
    while waiting:
        sizes.append(len(waiting.take(threads=2, recent=[1e-5]).jobs))

    assert len(sizes) <= 3
    assert max(sizes) <= LARGEST_LOT


@given(st.integers(0, 60), st.integers(1, 4), seconds)
def test_every_job_is_handed_out_once_in_its_order(count, threads, recent):
    waiting, handed = filled(count), []
    while waiting:
        handed += numbers(waiting.take(threads=threads, recent=recent).jobs)

    assert handed == list(range(count))


def test_stacks_go_first_and_whole():
    waiting = filled(1)
    waiting.add([[job(7), job(8)]])

    lot = waiting.take(threads=1, recent=[])

    assert (lot.as_one, numbers(lot.jobs)) == (True, [7, 8])
    waiting.back(lot)
    assert waiting.take(threads=1, recent=[]) == lot


def test_a_lot_that_was_never_begun_is_put_into_lots_anew():
    waiting = filled(4)
    lot = waiting.take(threads=1, recent=[0.01])

    waiting.back(lot)

    assert len(waiting.take(threads=1, recent=[1e4]).jobs) == 1


def test_what_breaks_its_slot_is_found_in_few_steps_and_the_others_are_not_held_up():
    waiting, guilty, sent, done = filled(1_000), 137, 0, []
    while waiting:
        lot = waiting.take(threads=2, recent=[1e-4])
        sent += 1
        if guilty not in numbers(lot.jobs):
            done += numbers(lot.jobs)
        elif len(lot.jobs) > 1:
            waiting.again(lot.jobs)

    assert sorted([*done, guilty]) == list(range(1_000))
    assert sent <= 5 * PARTS
