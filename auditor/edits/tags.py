"""A recommendation as a tag of an MLflow model version or run: added, never written over."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.core.places import put_together, without_place
from auditor.core.records import Config, Value
from auditor.core.wording import listed, shown
from auditor.errors import CaptureError
from auditor.sources.registry import add_tag, remove_tag, tag_name, tags_of, target_of

_SECONDS = 120.0
"""How long MLflow may take; importing it alone takes seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagEdit:
    """A tag that is added to a version or a run, or taken away from it.

    Attributes
    ----------
    target
        ``models:/name/3`` or ``runs:/ID``.
    back
        Whether it is taken away.
    call
        Runs a function where MLflow may be asked: in a worker process, with a limit of time.
    """

    target: str
    name: str
    text: str
    back: bool
    call: Callable[..., Any]

    @property
    def place(self) -> str:
        """The version or the run."""
        return f"mlflow:{self.target}"

    @property
    def diff(self) -> str:
        """The tag as a line that comes or goes; nothing else of the version changes."""
        sign = "-" if self.back else "+"
        return f"--- {self.place} tags\n+++ {self.place} tags\n{sign}{self.name} = {self.text}\n"

    @property
    def then(self) -> str:
        """What is left to do once it is written."""
        return (
            "now train with these values (auditor.production(NAME) reads them), register the version, and "
            "move the alias to it"
        )

    def must_be_as_read(self) -> None:
        """Look at the tags once more: what is to be added must not be there, what is to go must be."""
        there = self.name in self.call(tags_of, self.target, self.place, timeout_seconds=_SECONDS)
        if self.back and not there:
            raise CaptureError(
                f"{self.place} has no tag {self.name!r}: its own parameters say what it runs; train with the "
                "former values, register the version, and move the alias to it"
            )
        if there and not self.back:
            raise CaptureError(f"{self.place} has a tag {self.name!r} already, and none is written over")

    def write(self) -> None:
        """Add the tag, or take it away."""
        self._change(add=not self.back)

    def put_back(self) -> None:
        """Take it away again, or add it again."""
        self._change(add=self.back)

    def _change(self, *, add: bool) -> None:
        if add:
            self.call(add_tag, self.target, self.name, self.text, self.place, timeout_seconds=_SECONDS)
        else:
            self.call(remove_tag, self.target, self.name, self.place, timeout_seconds=_SECONDS)


def tag_edit(
    audit: int,
    changes: Mapping[str, Value],
    *,
    now: Config,
    origins: Mapping[str, str],
    back: bool,
    call: Callable[..., Any],
) -> TagEdit:
    """Return the tag that changes settings where MLflow keeps them, or takes an earlier change back.

    Parameters
    ----------
    changes
        New values by setting; a part of a list is tagged as the whole list.
    now, origins
        What production runs, and where each setting was read.

    Raises
    ------
    CaptureError
        If it is not known which version or run they were read from, or a tag stands in the way.
    """
    targets = {target_of(origins.get(name, "")) for name in changes}
    if len(targets) != 1 or None in targets:
        values = listed([f"{name} = {shown(value)}" for name, value in changes.items()])
        raise CaptureError(
            f"it is not known which MLflow version holds {listed(sorted(changes))}: train with these values "
            f"({values}), log the run, and move the alias to the new version"
        )
    whole = put_together(now if back else {**now, **changes})
    names = dict.fromkeys(without_place(name) for name in changes)
    edit = TagEdit(
        target=str(targets.pop()),
        name=tag_name(audit),
        text=json.dumps({name: whole[name] for name in names}, ensure_ascii=False),
        back=back,
        call=call,
    )
    edit.must_be_as_read()  # before the change is shown: there may be nothing to take back
    return edit
