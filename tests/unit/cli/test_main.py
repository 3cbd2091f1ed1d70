"""What `main` makes of what a command raises."""

import pytest

from auditor import cli
from auditor.cli import commands
from auditor.errors import CaptureError


@pytest.fixture
def ending(monkeypatch, capsys):
    """Run a command line of one command that raises; return the exit code and what was said."""

    def end(error):
        def command():
            raise error

        monkeypatch.setattr(commands, "app", lambda prog_name: command())
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code, capsys.readouterr().err

    return end


def test_an_error_of_the_user_s_is_printed_without_a_traceback(ending):
    assert ending(CaptureError("no capture of 'churn' yet")) == (2, "auditor: no capture of 'churn' yet\n")


@pytest.mark.parametrize("error", [ValueError("our bug"), OSError(5, "our bug")])
def test_an_error_of_ours_shows_its_traceback_and_is_not_taken_for_a_call(ending, error):
    code, said = ending(error)

    assert code == 2
    assert "Traceback" in said
    assert "our bug" in said
