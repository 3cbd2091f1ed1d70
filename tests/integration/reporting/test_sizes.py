"""Pages of large audits stay small: what a mail server takes, and a phone opens."""

import pytest

from auditor.reporting.render import render_audit
from tests.gallery import back_from, searched_again, stale


@pytest.mark.parametrize(("trials", "most"), [(300, 150_000), (2000, 500_000)])
def test_a_page_stays_small(trials: int, most: int) -> None:
    audit = searched_again(stale(), trials=trials)
    assert audit.search is not None
    assert len(audit.search.trials) >= trials

    assert len(render_audit(audit, back_from(audit)).encode()) <= most
