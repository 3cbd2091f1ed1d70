"""What the target and the groups must be for an audit to learn anything, looked at piece by piece."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from auditor.core.records import DataSpec
from auditor.errors import DataError


@dataclass(slots=True)
class Checks:
    """Looks at every row once, and says at the end what is wrong."""

    spec: DataSpec
    source: str
    rows: int = 0
    without_target: int = 0
    without_group: int = 0
    infinite: bool = False
    alike: bool = True
    first: str = ""

    def look(self, table: pa.Table) -> None:
        """Look at the next rows."""
        if table.num_rows == 0:
            return
        target = table[self.spec.target]
        self.without_target += target.null_count
        if pa.types.is_floating(target.type):
            self.infinite |= pc.any(pc.is_inf(target)).as_py() is True
        if self.spec.group is not None:
            self.without_group += table[self.spec.group].null_count
        self.take(table.num_rows, *gist(target))

    def take(self, rows: int, first: str, alike: bool) -> None:  # as `gist` gives it
        """Take in the next rows by the gist of their targets; each has one, and a group."""
        self.alike = alike if self.rows == 0 else self.alike and alike and first == self.first
        self.first = first if self.rows == 0 else self.first
        self.rows += rows

    def conclude(self) -> None:
        """Say what is wrong.

        Raises
        ------
        DataError
            If the rows cannot be learned from.
        """
        self._target()
        if self.without_group:
            raise DataError(
                f"{self.source}: {self.without_group} of {self.rows} rows have no value in column "
                f"{self.spec.group!r} (data.group); leave these rows out of the source, or fill them"
            )

    def _target(self) -> None:
        name = f"column {self.spec.target!r} (data.target)"
        if self.without_target:
            raise DataError(
                f"{self.source}: {self.without_target} of {self.rows} rows have no value in {name}; "
                "leave these rows out of the source, or fill them"
            )
        if self.infinite:
            raise DataError(f"{self.source}: {name} holds infinite values; leave these rows out")
        # Rows since a moment came after a training: they are scored only, and may be all alike.
        if self.alike and self.spec.since is None:
            raise DataError(
                f"{self.source}: {name} holds {self.first} in every row; there is nothing to predict"
            )


def gist(target: Any) -> tuple[str, bool]:
    """Return the first value of some rows' targets, in words, and whether all are that one."""
    first = target[0]
    alike = not first.is_valid or pc.any(pc.not_equal(target, first)).as_py() is not True
    return repr(first.as_py()), alike
