"""Report: write the finished audit down, once, and hand it to the publisher."""

from auditor.core.records import Audit
from auditor.ports import Tools


def report(audit: Audit, tools: Tools) -> str:
    """Record an audit's outcome, publish its page, and return the page's path."""
    tools.ledger.finish(audit)
    return tools.publisher.publish(audit, tools.ledger)
