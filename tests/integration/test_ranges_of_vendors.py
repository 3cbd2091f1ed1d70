"""Settings that we know ranges of, against the estimators of the installed vendors."""

import pytest

from auditor.drafts.models import XGBOOST_DEFAULTS
from auditor.drafts.tables import TABLES


@pytest.mark.filterwarnings("ignore:Class .* is deprecated:FutureWarning")  # people still run them
@pytest.mark.parametrize("owner", [owner for owner in TABLES if not owner.startswith(("XGB", "LGBM"))])
def test_every_setting_of_a_table_is_one_that_scikit_learn_has(owner):
    from sklearn.utils import all_estimators

    found = dict(all_estimators())[owner]

    assert set(TABLES[owner]) <= set(found().get_params())


@pytest.mark.parametrize("owner", [owner for owner in TABLES if owner.startswith("LGBM")])
def test_every_setting_of_a_table_is_one_that_lightgbm_has(owner):
    lightgbm = pytest.importorskip("lightgbm")

    assert set(TABLES[owner]) <= set(getattr(lightgbm, owner)().get_params())


@pytest.mark.parametrize("owner", [owner for owner in TABLES if owner.startswith("XGB")])
def test_every_setting_of_a_table_is_one_that_xgboost_has_and_whose_default_is_known(owner):
    xgboost = pytest.importorskip("xgboost")

    known = getattr(xgboost, owner)().get_params()
    left_open = {name for name in TABLES[owner] if known[name] is None}

    assert left_open <= set(XGBOOST_DEFAULTS)
