"""An audit by its number."""

from typing import TYPE_CHECKING

from auditor.errors import AuditorError

if TYPE_CHECKING:
    from auditor.core.records import Audit
    from auditor.ports import Ledger


def finished(ledger: "Ledger", audit_id: int) -> "Audit":
    """Return an audit that has ended, or say why there is none of that number."""
    audit = ledger.audit(audit_id)
    if audit is None:
        states = {summary.id: summary.state for summary in ledger.summaries()}
        if audit_id in states:
            raise AuditorError(
                f"audit {audit_id} is not finished; `auditor run` with its schedule goes on with it"
            )
        newest = [str(number) for number, state in states.items() if state != "running"][:5]
        there = ", ".join(newest) or "none yet"
        raise AuditorError(f"no finished audit {audit_id} in the ledger; the newest are: {there}")
    return audit
