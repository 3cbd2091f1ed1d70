"""The terminal that tables are printed to."""

from rich.console import Console

from auditor.cli import ReaderLeft


class Terminal(Console):
    """A console that leaves it to `main` what to make of a reader who left."""

    def on_broken_pipe(self) -> None:
        """Say so; left alone, rich would leave with 1, which means stale."""
        raise ReaderLeft


def open_terminal() -> Console:
    """Return the terminal, or what stands in for it where the output goes elsewhere."""
    terminal = Terminal()
    # Not on a terminal, nothing is cut at an imagined width.
    return terminal if terminal.is_terminal else Terminal(width=200, soft_wrap=True)
