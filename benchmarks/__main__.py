"""All benchmarks that have a target, as one command, and the README's table of what they found.

``python -m benchmarks`` runs each in turn (hours), keeps its result in ``results/`` and writes the table.
``python -m benchmarks report startup`` runs those two. ``python -m benchmarks --from-results`` runs nothing,
and writes the table from the results that are committed.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.targets import RESULTS, scripts, table

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- made by `python -m benchmarks --from-results` -->\n", "<!-- until here -->\n"


def main() -> int:
    """Run what is asked for, write the table, and return how many benchmarks failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(scripts())}; all, if none")
    parser.add_argument("--from-results", action="store_true", help="run nothing")
    options = parser.parse_args()
    unknown = sorted({*options.names} - {*scripts()})
    if unknown:
        parser.error(
            f"no benchmark with a target is called {', '.join(unknown)}; there are: {', '.join(scripts())}"
        )
    wanted = () if options.from_results else options.names or scripts()
    failed = [name for name in wanted if not _ran(name)]
    README.write_text(with_table(README.read_text(encoding="utf-8"), table()), encoding="utf-8")
    print(table())
    if failed:
        print(f"failed, and their old results kept: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def with_table(readme: str, made: str) -> str:
    """Return the README with another table between its marks."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"README.md has lost its marks, {BEGIN.strip()!r} and {END.strip()!r}")
    return f"{before}{BEGIN}{made}{END}{after}"


def _ran(name: str) -> bool:
    print(f"== {name}", flush=True)
    path = RESULTS / f"{name}.json"
    new = path.with_suffix(".new")
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--json", str(new)], check=False)
    if done.returncode == 0 and new.is_file():
        new.replace(path)
        return True
    new.unlink(missing_ok=True)
    return False


if __name__ == "__main__":
    raise SystemExit(main())
