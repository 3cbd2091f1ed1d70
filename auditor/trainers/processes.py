"""A user's program, run to its end or killed, with everything that it started.

A worker leads its own session and is killed together with its process group (``executors/isolation.py``),
but a program may found groups of its own, and go into the background. So a worker adopts what its programs
leave behind (``PR_SET_CHILD_SUBREAPER``, Linux), and whatever still descends from it when a program has
ended, by itself or not, is killed.
"""

import contextlib
import ctypes
import multiprocessing
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

import psutil

_BECOME_SUBREAPER = 36
"""``PR_SET_CHILD_SUBREAPER`` of prctl(2)."""

_LOOK_SECONDS = 0.2
"""How often to look at the memory that a program and its descendants hold."""

_TAIL_BYTES = 4096
"""How much of what a program said last is kept, and how long a line may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a program ended.

    Attributes
    ----------
    code
        Its exit code; minus the signal that killed it.
    said
        The end of what it wrote to its standard error.
    late, large
        Whether it was killed for taking too long, or too much memory.
    """

    code: int
    said: str
    late: bool = False
    large: bool = False


@dataclass(slots=True)
class _Stream:
    """One of a program's outputs: its last bytes, or its lines as they come."""

    on_line: Callable[[str], None] | None = None
    kept: bytearray = field(default_factory=bytearray)

    def take(self, chunk: bytes) -> None:
        self.kept += chunk
        if self.on_line is not None:
            *lines, rest = self.kept.split(b"\n")
            for line in lines:
                self.on_line(line.decode(errors="replace"))
            self.kept = rest
        del self.kept[:-_TAIL_BYTES]

    def end(self) -> None:
        if self.on_line is not None and self.kept:
            self.on_line(self.kept.decode(errors="replace"))


def run_program(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    seconds: float,
    memory_bytes: int,
    on_line: Callable[[str], None],
) -> Ending:
    """Run a program in the current folder and wait for it.

    Parameters
    ----------
    seconds, memory_bytes
        Of the program and all that it started, taken together.
    on_line
        Is shown every line of its standard output.

    Raises
    ------
    OSError
        If it cannot be started.
    """
    _adopt_orphans()
    process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
        list(arguments),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    told, said = _Stream(on_line), _Stream()
    late = large = False
    try:
        with selectors.DefaultSelector() as selector:
            for pipe, stream in ((process.stdout, told), (process.stderr, said)):
                if pipe is not None:
                    selector.register(pipe, selectors.EVENT_READ, stream)
            late, large = _wait(process, selector, until=monotonic() + seconds, most=memory_bytes)
    finally:
        _kill_all(process)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    told.end()
    last_words = said.kept.decode(errors="replace").strip()
    return Ending(code=process.returncode, said=last_words, late=late, large=large)


def _wait(
    process: "subprocess.Popen[bytes]",
    selector: selectors.BaseSelector,
    *,
    until: float,
    most: int,
) -> tuple[bool, bool]:
    """Listen until a program has ended; return whether it took too long, or too much memory."""
    looked = monotonic()
    while True:
        ended = process.poll() is not None
        heard = _listen(selector, 0.0 if ended else min(_LOOK_SECONDS, max(0.0, until - monotonic())))
        if ended and not heard:
            return False, False
        now = monotonic()
        if not ended and now >= until:
            return True, False
        if not ended and now - looked >= _LOOK_SECONDS:
            looked = now
            if _memory(process.pid) > most:
                return False, True
        if not selector.get_map() and not ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(min(_LOOK_SECONDS, max(0.0, until - now)))


def _listen(selector: selectors.BaseSelector, seconds: float) -> bool:
    """Read what there is; return whether there was anything."""
    heard = False
    for key, _ in selector.select(seconds) if selector.get_map() else []:
        chunk = os.read(key.fd, 65_536)
        if chunk:
            key.data.take(chunk)
            heard = True
        else:
            selector.unregister(key.fileobj)
    return heard


def _memory(pid: int) -> int:
    """Return the bytes in RAM of a process and its descendants."""
    held = 0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                held += process.memory_info().rss
    return held


def _adopt_orphans() -> None:
    if _is_worker():
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)


def _is_worker() -> bool:
    # Elsewhere other children are none of our business, so that orphans are left alone.
    return multiprocessing.parent_process() is not None and sys.platform == "linux"


def _kill_all(process: "subprocess.Popen[bytes]") -> None:
    """Kill a program and what descends from it, until nothing is left."""
    root = os.getpid() if _is_worker() else process.pid
    for _ in range(20):  # what is killed may just have started another
        found = _descendants(root)
        for one in found:
            with contextlib.suppress(psutil.Error):
                one.kill()
        if process.poll() is None:
            process.kill()
            process.wait()
        for one in found:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(one.pid, 0 if one.pid != process.pid else os.WNOHANG)
        if not found:
            return


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []
    return found
