"""Signs of life: a thread that holds an order while its audit goes on, and stops it once it is lost."""

import logging
import os
import signal
from threading import Event, Thread
from types import TracebackType

from auditor.core.records import Fence
from auditor.errors import StorageError
from auditor.storage.queue import SqlQueue

logger = logging.getLogger(__name__)

BEATS_PER_LEASE = 4

_PATIENCE_SECONDS = 10.0
"""How long the audit may take to stop by itself once the order is lost."""


class Heart:
    """Renews a lease for the length of a ``with`` block.

    Attributes
    ----------
    lost
        Whether somebody else has taken the order, or it was cancelled.
    """

    def __init__(self, queue: SqlQueue, fence: Fence, *, every_seconds: float) -> None:
        self.lost = False
        self._queue, self._fence, self._every = queue, fence, every_seconds
        self._done = Event()
        self._thread = Thread(target=self._beat, name="heart", daemon=True)

    def __enter__(self) -> "Heart":
        """Begin to beat."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop beating."""
        self._done.set()
        self._thread.join(_PATIENCE_SECONDS)

    def _beat(self) -> None:
        while not self._done.wait(self._every):
            try:
                held = self._queue.renew(self._fence)
            except StorageError as error:
                logger.warning(
                    "%s", error, extra={"action": "heartbeat_failed", "order": self._fence.order_id}
                )
                continue
            if not held and not self._done.is_set():
                self.lost = True
                os.kill(os.getpid(), signal.SIGINT)
                if not self._done.wait(_PATIENCE_SECONDS):  # busy, or SIGINT is ignored, as behind `&`
                    logger.error(
                        "order %d was cancelled, or taken over by another process; stopping at once",
                        self._fence.order_id,
                        extra={"action": "order_lost", "order": self._fence.order_id},
                    )
                    os.kill(os.getpid(), signal.SIGKILL)  # workers die with us
                return
