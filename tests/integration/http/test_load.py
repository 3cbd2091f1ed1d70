"""Under load and killed in the middle, no audit that was asked for is lost or doubled."""

from benchmarks.http_load import asking, fill


def test_what_was_acknowledged_is_in_the_queue_once_whatever_happens(tmp_path):
    fill(tmp_path, models=3)

    found = asking(tmp_path, orders=24, readers=2)

    assert found.refused > 0, "the server was killed while it was asked"
    assert len(found.acknowledged) == found.kept == 24
    assert found.lost == 0
    assert found.new <= 24
    assert found.read > 0
