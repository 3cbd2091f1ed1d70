"""Everything that Apprise reaches: chats, pagers, telephones. An extra: ``pip install 'auditor[notify]'``."""

import logging
import threading
from dataclasses import dataclass, field
from typing import Any

from auditor.core.records import Message
from auditor.errors import ChannelError


@dataclass(slots=True, kw_only=True)
class Apprised:
    """Sends through one URL of Apprise.

    Raises
    ------
    ValueError
        If Apprise is not installed, or does not know the URL.
    """

    name: str
    url: str = field(repr=False)
    seconds: float
    _service: Any = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        """Load the service, so that a wrong URL is told before anything is to be sent."""
        try:
            import apprise
        except ModuleNotFoundError:
            raise ValueError("this kind of URL needs Apprise; run `pip install 'auditor[notify]'`") from None
        # They log URLs, in which tokens are partly hidden or not at all.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        self._service = apprise.Apprise()
        if not self._service.add(self.url):
            raise ValueError("Apprise does not know this kind of URL, or something is missing in it")

    def send(self, message: Message) -> None:
        """Send a message.

        Raises
        ------
        ChannelError
            If Apprise says that it was not taken, or says nothing in time.
        """
        answers: list[bool] = []

        def attempt() -> None:
            answers.append(bool(self._service.notify(title=message.subject, body=message.text)))

        # Its time-outs differ from service to service; a thread that is late is left behind.
        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(self.seconds)
        if thread.is_alive():
            raise ChannelError(f"no answer within {self.seconds:g} s; it may have been taken all the same")
        if answers != [True]:
            raise ChannelError("Apprise could not deliver it (it does not say why)")
