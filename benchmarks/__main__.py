"""All benchmarks that have a target, as one command, and the README's table of what they found.

``python -m benchmarks`` runs each in turn, says before each how long it will take, keeps its result in
``results/``, stamped with commit, date and load, and writes the table. A result that was taken of the sources
as they are is not taken again (``--again`` does); what fails or is interrupted keeps its old result, so that
the same command goes on where Ctrl-C ended it.

    python -m benchmarks --list                  # how old each result is, and how long each takes
    python -m benchmarks --only report startup   # these two
    python -m benchmarks --from-results          # run nothing: the table, from the results that are kept
    python -m benchmarks --quick                 # every script in small, in minutes; keeps nothing
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.running import carry_out, is_current, stamp_of
from benchmarks.tables import print_table
from benchmarks.targets import RESULTS, SCRIPTS, scripts, table, unread

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- made by `python -m benchmarks --from-results` -->\n", "<!-- until here -->\n"
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, write the table, and return how many benchmarks failed."""
    options = _options(arguments)
    if options.list:
        _list()
        return 0
    if options.quick:
        return _quick(options.only)
    wanted = () if options.from_results else options.only
    left = [name for name in wanted if options.again or not is_current(RESULTS / f"{name}.json", name)]
    for name in wanted:
        if name not in left:
            print(f"== {name}: its result is of the tree as it is; --again takes it again")
    code = _run_all(left)
    README.write_text(with_table(README.read_text(encoding="utf-8"), table()), encoding="utf-8")
    print(table())
    return code


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", choices=scripts(), default=scripts(), help=", ".join(scripts())
    )
    parser.add_argument("--again", action="store_true", help="also what is of the tree as it is")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--from-results", action="store_true", help="run nothing, write the table")
    what.add_argument("--quick", action="store_true", help="run everything in small and keep nothing")
    what.add_argument("--list", action="store_true", help="run nothing, say how old each result is")
    return parser.parse_args(arguments)


def with_table(readme: str, made: str) -> str:
    """Return the README with another table between its marks."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"README.md has lost its marks, {BEGIN.strip()!r} and {END.strip()!r}")
    return f"{before}{BEGIN}{made}{END}{after}"


def _run_all(names: Sequence[str]) -> int:
    """Run benchmarks in full, and return how many failed, or 130 when they were interrupted."""
    minutes = {name: _minutes(name) for name in names}
    if names:
        print(f"{len(names)} to run, about {sum(minutes.values()):.0f} min; Ctrl-C keeps what was measured")
    failed = []
    for place, name in enumerate(names, start=1):
        print(f"== {name} ({place} of {len(names)}), about {minutes[name]:.0f} min", flush=True)
        try:
            if not carry_out(f"benchmarks.{name}", SCRIPTS[name].full, RESULTS / f"{name}.json"):
                failed.append(name)
        except KeyboardInterrupt:
            print(
                f"interrupted; the old result of {name} is kept, the same command goes on here",
                file=sys.stderr,
            )
            return INTERRUPTED
    if failed:
        print(f"failed, and their old results kept: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def _quick(names: Sequence[str]) -> int:
    """Run benchmarks in small; a target that cannot be read from what they write is a failure."""
    print(
        "In small: that every script runs and every target can be read. The figures are to be quoted nowhere."
    )
    with tempfile.TemporaryDirectory() as folder:
        failed = [name for name in names if not _tried(name, Path(folder))]
        print(table(Path(folder), scripts=names))
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def _tried(name: str, folder: Path) -> bool:
    print(f"== {name}", flush=True)
    if not carry_out(f"benchmarks.{name}", SCRIPTS[name].quick, folder / f"{name}.json"):
        return False
    missing = unread(name, folder)
    for what in missing:
        print(f"{name}: {what!r} cannot be read from its result", file=sys.stderr)
    return not missing


def _list() -> None:
    def line(name: str) -> tuple[str, ...]:
        path = RESULTS / f"{name}.json"
        stamp = stamp_of(path)
        if not path.is_file():
            state = "not measured"
        else:
            state = "of the tree as it is" if is_current(path, name) else "of an earlier tree"
        taken = f"{stamp.at}, {stamp.commit}, load {stamp.load:g}" if stamp else ""
        return (name, state, taken, f"{_minutes(name):.0f} min")

    print_table(("benchmark", "result", "taken", "takes about"), map(line, scripts()))


def _minutes(name: str) -> float:
    """Return about how long a benchmark takes: as long as last time, if that is known."""
    stamp = stamp_of(RESULTS / f"{name}.json")
    return max(1.0, stamp.seconds / 60.0) if stamp and stamp.seconds else SCRIPTS[name].minutes


if __name__ == "__main__":
    raise SystemExit(main())
