from datetime import UTC, datetime

import pytest

from auditor.core.held import in_words, standing
from auditor.core.records import Application, Estimate, SettingChange
from auditor.core.wording import Ruler

DAY = datetime(2026, 3, 1, tzinfo=UTC)
CHANGES = (SettingChange(name="rate", before=0.1, after=0.03, origin="schedule"),)
RULER = Ruler(production_loss=1.0, unit="log-loss", confidence=0.95)


def applied(capture, *, back=False):
    return Application(audit=12, model="m", changes=CHANGES, capture=capture, applied_at=DAY, back=back)


def test_only_what_production_still_runs_stands():
    assert standing([applied(3), applied(5)], capture=5) == applied(5)
    assert standing([applied(5), applied(6)], capture=5) is None
    assert standing([applied(5, back=True)], capture=5) is None
    assert standing([], capture=5) is None


@pytest.mark.parametrize(
    ("worth", "said"),
    [
        (Estimate(0.02, 0.01, 0.03), "by 2.0 % (95 % interval 1.0 % to 3.0 %): it held."),
        (Estimate(-0.02, -0.03, -0.01), "the former values would do better now."),
        (Estimate(0.0, -0.01, 0.01), "cannot be told from no difference."),
        (None, "Whether that held is not measured"),
    ],
)
def test_what_was_applied_is_said_with_what_it_is_worth_now(worth, said):
    sentence = in_words(12, DAY, CHANGES, worth, rows=900, ruler=RULER)

    assert sentence.startswith("Audit 12 was applied on 2026-03-01: rate from 0.1 to 0.03.")
    assert said in sentence
