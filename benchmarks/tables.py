"""Tables in Markdown, for the terminal and for benchmarks/README.md alike."""

from collections.abc import Iterable, Sequence


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table, one line per row as soon as it is known."""
    print(_line(head), _line(["---"] * len(head)), sep="\n", flush=True)
    for row in rows:
        print(_line(row), flush=True)


def percent(interval: Sequence[float]) -> str:
    """Return an estimate with its low and high end, in percent.

    Examples
    --------
    >>> percent((0.021, -0.004, 0.046))
    '+2.1 (-0.4 to +4.6)'
    """
    estimate, low, high = (100.0 * value for value in interval)
    return f"{estimate:+.1f} ({low:+.1f} to {high:+.1f})"


def _line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
