import pytest

from auditor.declarations.trainers import TRAINER_FORMS
from auditor.trainers.kinds import KINDS, kind_named


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_can_be_described_and_trained(name):
    kind = kind_named(name)

    assert callable(kind.describe)
    assert callable(kind.train)


def test_every_kind_that_can_be_declared_can_be_trained():
    assert set(TRAINER_FORMS) == set(KINDS)


def test_a_kind_that_nobody_wrote_is_our_own_mistake():
    with pytest.raises(ValueError, match="no trainer of kind 'crystal ball'"):
        kind_named("crystal ball")
