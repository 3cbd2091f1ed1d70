import pytest

from auditor.edits.tags import tag_edit
from auditor.errors import CaptureError
from auditor.sources.registry import add_tag, remove_tag, tags_of

NOW = {"rate": 0.1, "sizes[0]": 100, "sizes[1]": 50, "solver": "adam"}
ORIGINS = dict.fromkeys(NOW, "mlflow:models:/late@champion (version 3)")


class Registry:
    """Tags of version 3, changed as a worker would."""

    def __init__(self, **tags):
        self.tags = tags

    def __call__(self, function, target, *given, timeout_seconds):
        assert target == "models:/late/3"
        if function is tags_of:
            return dict(self.tags)
        if function is add_tag:
            self.tags[given[0]] = given[1]
        if function is remove_tag:
            del self.tags[given[0]]
        return None


def edit(changes, registry, **options):
    given = {"now": NOW, "origins": ORIGINS, "back": False, "call": registry, **options}
    return tag_edit(7, changes, **given)


def test_a_part_of_a_list_is_tagged_as_the_whole_list_and_all_in_one_tag():
    registry = Registry(team="fraud")

    made = edit({"sizes[1]": 20, "solver": "1"}, registry)
    made.write()

    assert registry.tags == {"team": "fraud", "auditor.audit-7": '{"sizes": [100, 20], "solver": "1"}'}
    made.put_back()
    assert registry.tags == {"team": "fraud"}


def test_a_tag_is_taken_away_as_it_is_and_only_if_it_is_there():
    registry = Registry(**{"auditor.audit-7": "mine"})

    back = edit({"rate": 1.0}, registry, back=True)
    back.write()

    assert registry.tags == {}
    assert back.diff.endswith('-auditor.audit-7 = {"rate": 0.1}\n')
    with pytest.raises(CaptureError, match=r"has no tag 'auditor.audit-7': its own parameters"):
        back.must_be_as_read()


def test_no_tag_is_written_over():
    with pytest.raises(CaptureError, match=r"has a tag 'auditor.audit-7' already"):
        edit({"rate": 1.0}, Registry(**{"auditor.audit-7": "another ledger's"}))


def test_settings_of_no_known_version_are_left_to_their_owner():
    with pytest.raises(CaptureError, match=r"not known which MLflow version holds rate.*rate = 1"):
        edit({"rate": 1.0}, Registry(), origins={"rate": "schedule"})
