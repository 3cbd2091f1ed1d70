"""``auditor report``: a finished audit again, as its page, its twin or its trials."""

import enum
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.core.records import Audit
    from auditor.ports import Ledger
    from auditor.settings import Settings


class Format(enum.StrEnum):
    """What an audit is rendered as."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"


def render_again(settings: "Settings", audit: "Audit", ledger: "Ledger", *, into: Format) -> None:
    """Write the page and what lies beside it and print its path, or print the twin or the trials."""
    if into is Format.HTML:
        from auditor.wiring import open_publisher

        print(open_publisher(settings).publish(audit, ledger))
    elif into is Format.JSON:
        from auditor.core.document import audit_to_json

        sys.stdout.write(audit_to_json(audit))
    else:
        from auditor.reporting.trials import trials_csv

        sys.stdout.write(trials_csv(audit))
