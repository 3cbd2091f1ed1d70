import json
import logging
from collections.abc import Callable

import pytest

from auditor.logs import set_up_logging

pytestmark = pytest.mark.usefixtures("own_logging")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    return lambda: capsys.readouterr().err


def test_a_line_for_programs_is_one_json_object_with_its_action(said) -> None:
    assert set_up_logging()

    logging.getLogger("auditor.x").warning("two\nlines", extra={"action": "lot_done", "audit_id": 7})

    facts = json.loads(said())
    assert {key: facts[key] for key in ("level", "action", "message", "audit_id")} == {
        "level": "warning",
        "action": "lot_done",
        "message": "two lines",
        "audit_id": 7,
    }
    assert facts["at"].endswith("+00:00")


def test_a_line_for_people_says_when_what_and_the_message(said) -> None:
    assert not set_up_logging(as_json=False)

    logging.getLogger("auditor.x").info("audit 7 is done", extra={"action": "audit_done"})

    assert said().endswith(" info    audit_done: audit 7 is done\n")


@pytest.mark.parametrize("as_json", [True, False])
def test_no_password_is_logged_wherever_it_stands(said, as_json: bool) -> None:
    set_up_logging(as_json=as_json)
    url = "postgresql://ann:s3cret@db/shop"

    try:
        int(url)
    except ValueError:
        logging.getLogger("x").exception("cannot reach %s", url, extra={"action": "a", "where": url})

    text = said()
    assert "s3cret" not in text
    assert "***@db/shop" in text
    assert len(text.splitlines()) == 1


def test_a_message_cannot_steer_a_terminal(said) -> None:
    set_up_logging(as_json=False)

    logging.getLogger("x").info("\x1b[31mred")

    assert "\\x1b[31mred" in said()
