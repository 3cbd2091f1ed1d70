"""A recommendation as tags of an MLflow model version or run: added, never written over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.core.places import put_together, without_place
from auditor.core.records import Config, Value
from auditor.core.wording import listed, shown
from auditor.edits.spans import as_text
from auditor.errors import CaptureError
from auditor.sources.registry import add_tags, remove_tags, tag_name, tags_of, target_of

_SECONDS = 120.0
"""How long MLflow may take; importing it alone takes seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagEdit:
    """Tags that are added to a version or a run, or taken away from it.

    Attributes
    ----------
    target
        ``models:/name/3`` or ``runs:/ID``.
    tags
        Texts by the tags' names.
    back
        Whether they are taken away.
    call
        Runs a function where MLflow may be asked: in a worker process, with a limit of time.
    """

    target: str
    tags: Mapping[str, str]
    back: bool
    call: Callable[..., Any]

    @property
    def place(self) -> str:
        """The version or the run."""
        return f"mlflow:{self.target}"

    @property
    def diff(self) -> str:
        """The tags as lines that come or go; nothing else of the version changes."""
        sign = "-" if self.back else "+"
        lines = [f"{sign}{name} = {text}" for name, text in self.tags.items()]
        return "\n".join([f"--- {self.place} tags", f"+++ {self.place} tags", *lines, ""])

    @property
    def then(self) -> str:
        """What is left to do once it is written."""
        return (
            "now train with these values (auditor.production(NAME) reads them), register the version, and "
            "move the alias to it"
        )

    def must_be_as_read(self) -> None:
        """Look at the tags once more: what is to be added must not be there, what is to go must be."""
        there = self.call(tags_of, self.target, self.place, timeout_seconds=_SECONDS)
        found = sorted(name for name in self.tags if name in there)
        if self.back and len(found) < len(self.tags):
            raise CaptureError(
                f"{self.place} has no tag {min(set(self.tags) - set(found))!r}: its own parameters say what "
                "it runs; train with the former values, register the version, and move the alias to it"
            )
        if not self.back and found:
            raise CaptureError(f"{self.place} has a tag {found[0]!r} already, and none is written over")

    def write(self) -> None:
        """Add the tags, or take them away."""
        self._change(remove_tags if self.back else add_tags)

    def put_back(self) -> None:
        """Take them away again, or add them again."""
        self._change(add_tags if self.back else remove_tags)

    def _change(self, how: Callable[..., None]) -> None:
        self.call(how, self.target, self.tags, self.place, timeout_seconds=_SECONDS)


def tag_edit(
    audit: int,
    changes: Mapping[str, Value],
    *,
    now: Config,
    origins: Mapping[str, str],
    back: bool,
    call: Callable[..., Any],
) -> TagEdit:
    """Return the tags that change settings where MLflow keeps them, or take an earlier change back.

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
        tags={tag_name(audit, name): _text(whole[name]) for name in names},
        back=back,
        call=call,
    )
    edit.must_be_as_read()  # before the change is shown: there may be nothing to take back
    return edit


def _text(value: Value | tuple[Value, ...]) -> str:
    return str(list(value)) if isinstance(value, tuple) else as_text(value)
