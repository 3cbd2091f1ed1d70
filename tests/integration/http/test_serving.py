"""The web side as it is reached: a real server on a real port, over a real database and folder."""

import csv
import http.client
import io
import json
import logging
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import quote

import httpx
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from auditor.core.records import Asked, Call, Order
from auditor.http.facts import Pulse
from auditor.http.guarding import CONTENT_SECURITY, HEADERS
from auditor.http.server import Server
from auditor.reporting.publish import FolderPublisher
from auditor.serving import open_server
from auditor.settings import Settings
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import SqlQueue
from auditor.wiring import open_queue
from tests.examples import NOON, a_capture, a_result, a_snapshot, an_audit

PATIENCE = 120.0
"""Seconds; nothing here takes so long by itself, but the machine may be busy."""

TOKEN = "correct-horse-battery-staple"  # noqa: S105
KEYS = st.sampled_from(["schedule", "trials", "minutes", "workers", "seed", "x"])
JSON = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just("churn")


def deeper(inner: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6)


WELL = Pulse(tick_seconds=15.0, tick_age_seconds=3.0)


SCHEDULE = """
model = "churn"
production = { alpha = 1.0 }
data = { source = "rows.csv", target = "y" }
trainer = { estimator = "sklearn.linear_model:Ridge" }
policy = { metric = "squared_error" }
"""


@dataclass
class Place:
    """A server, what it stands on, and a client."""

    settings: Settings
    server: Server
    client: httpx.Client
    queue: SqlQueue
    pulse: list[Pulse]

    @property
    def orders(self) -> tuple[Order, ...]:
        """What is queued, newest first."""
        return self.queue.orders()

    def get(self, path: str, **options) -> httpx.Response:
        return self.client.get(path, **options)

    def raw(self, path: str, *, method: str = "GET", headers: dict[str, str] | None = None, body=None):
        """Ask for a path exactly as it is written."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.address.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def ask(self, body: object, *, token: str | None = TOKEN, **headers: str) -> httpx.Response:
        given = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return self.client.post("/api/v1/audits", json=body, headers=given | headers)


def keep(settings: Settings, model: str, call: Call | None) -> int:
    """Put a finished audit into the ledger, with two trials, and publish it."""
    ledger = SqlLedger(settings.database_url)
    begun = ledger.begin(
        model=model,
        plan_digest="p",
        capture=ledger.add_capture(a_capture(model)),
        snapshot=a_snapshot(),
        seed=1,
        now=NOON,
    )
    ledger.append(begun.id, [a_result(0), a_result(1)])
    audit = replace(
        an_audit(begun.id, model=model),
        call=call,
        error=None if call else "no rows; =1+1",
        capture=begun.capture,
    )
    ledger.finish(audit)
    FolderPublisher(settings.reports).publish(audit, ledger)
    ledger.close()
    return begun.id


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    folder = tmp_path_factory.mktemp("site")
    made = Settings(listen="127.0.0.1:0", token=TOKEN).within(folder)
    made.schedules.mkdir()
    (made.schedules / "broken.toml").write_text("no toml")
    (made.schedules / "churn.toml").write_text(SCHEDULE)
    keep(made, "churn", Call.STALE)
    keep(made, "<b>fraud</b>", None)
    return made


@pytest.fixture(scope="module")
def place(settings: Settings) -> Iterator[Place]:
    pulse = [WELL]
    server = open_server(settings, pulse=lambda: pulse[-1])
    assert server is not None
    server.start()
    with httpx.Client(base_url=server.url, timeout=PATIENCE, trust_env=False) as client:
        yield Place(settings, server, client, open_queue(settings), pulse)
    server.stop()


# ---------------------------------------------------------------- the site


def test_the_front_page_and_every_page_it_links_are_served(place):
    front = place.get("/")

    links = re.findall(r'href="([^"#:]+\.html)"', front.text)
    assert front.headers["content-type"] == "text/html; charset=utf-8"
    assert links
    assert {place.get(f"/{link}").status_code for link in links} == {200}


def test_every_answer_is_safe_in_a_browser(place):
    for path in ("/", "/nothing", "/api/v1/models", "/metrics", "/readyz"):
        headers = place.get(path).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert "server" not in headers


def test_the_content_policy_is_that_of_the_pages_and_more(place):
    own = re.search(r'Content-Security-Policy" content="([^"]+)"', place.get("/").text)

    assert own
    assert CONTENT_SECURITY.startswith(own[1])


def test_a_page_that_did_not_change_is_not_sent_again(place):
    first = place.get("/")

    again = place.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.fixture
def outside(place, settings) -> Iterator[None]:
    """A secret beside the reports folder, and links and files in it that lead there."""
    folder = settings.reports
    secret = folder.parent / "secret.html"
    secret.write_text("SECRET")
    (folder / "link.html").symlink_to(secret)
    (folder / "up").symlink_to(folder.parent, target_is_directory=True)
    (folder / "loop.html").symlink_to(folder / "loop.html")
    (folder / ".hidden.html").write_text("SECRET")
    (folder / "churn" / ".2026.html.x.part").write_text("SECRET")
    (folder / "core.dump").write_text("SECRET")
    yield
    for name in ("link.html", "up", "loop.html", ".hidden.html", "core.dump"):
        (folder / name).unlink()


ESCAPES = [
    "/../secret.html",
    "/%2e%2e/secret.html",
    "/%2E%2E%2Fsecret.html",
    "/..%2fsecret.html",
    "/churn/../../secret.html",
    "/churn/%2e%2e/%2e%2e/secret.html",
    "/.%2e/secret.html",
    "//secret.html",
    "/%2fetc/passwd",
    "//etc/passwd",
    "/..%5csecret.html",
    "/..\\secret.html",
    "/secret.html%00.html",
    "/%00",
    "/link.html",
    "/up/secret.html",
    "/up/",
    "/loop.html",
    "/.hidden.html",
    "/churn/.2026.html.x.part",
    "/core.dump",
    "/%c0%ae%c0%ae/secret.html",
    "/%252e%252e/secret.html",
    "/" + "a" * 5000,
    "/" + "a/" * 3000,
    "/%ff%fe",
    "/file:///etc/passwd",
]


@pytest.mark.parametrize("path", ESCAPES, ids=range(len(ESCAPES)))
def test_no_path_leaves_the_folder_or_reads_what_is_no_report(place, outside, path):
    status, body, _ = place.raw(path)

    assert status in (400, 404)
    assert b"SECRET" not in body
    assert b"root:" not in body


def test_the_folder_itself_may_be_a_link(settings, tmp_path):
    (tmp_path / "reports").symlink_to(settings.reports, target_is_directory=True)
    server = open_server(replace(settings, reports=tmp_path / "reports"))
    server.start()

    assert httpx.get(f"{server.url}/churn/index.html", trust_env=False, timeout=PATIENCE).status_code == 200
    server.stop()


def test_before_the_first_audit_the_front_page_says_so(settings, tmp_path):
    server = open_server(replace(settings, reports=tmp_path / "nothing"))
    server.start()
    answers = [
        httpx.get(f"{server.url}/{path}", trust_env=False, timeout=PATIENCE) for path in ("", "x.html")
    ]
    server.stop()

    assert [answer.status_code for answer in answers] == [200, 404]
    assert "No reports yet" in answers[0].text


# ---------------------------------------------------------------- hosts


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "", "[::1]evil"])
def test_a_page_elsewhere_whose_name_leads_here_reads_nothing(place, host):
    status, body, _ = place.raw("/api/v1/models", headers={"Host": host})

    assert status == 421
    assert b"churn" not in body
    assert b"AUDITOR_SITE" in body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:80"])
def test_this_machines_own_names_are_answered(place, host):
    assert place.raw("/livez", headers={"Host": host})[0] == 200


# ---------------------------------------------------------------- reading


def test_the_api_describes_itself_and_what_it_answers_is_what_it_describes(place):
    document = place.get("/api/v1/openapi.json").json()

    jsonschema.Draft202012Validator.check_schema(document["components"]["schemas"]["Audit"])
    assert set(document["paths"]) == {
        "/api/v1/openapi.json",
        "/api/v1/models",
        "/api/v1/audits",
        "/api/v1/audits/{number}",
        "/api/v1/audits/{number}/trials.csv",
        "/api/v1/schedules",
        "/api/v1/queue",
    }
    for path in ("models", "audits", "audits/1", "schedules", "queue"):
        described = document["paths"][f"/api/v1/{re.sub(r'[0-9]+', '{number}', path)}"]["get"]["responses"][
            "200"
        ]
        schema = described["content"]["application/json"]["schema"] | {"components": document["components"]}
        jsonschema.validate(place.get(f"/api/v1/{path}").json(), schema)


def test_the_standing_of_every_model(place):
    found = {one["model"]: one for one in place.get("/api/v1/models").json()["models"]}

    assert set(found) == {"churn", "<b>fraud</b>"}
    assert found["churn"]["audit"]["call"] == "stale"
    assert found["churn"]["last_success"].startswith("2026-03-15T12:20:00")
    assert found["<b>fraud</b>"]["last_success"] is None
    assert found["churn"]["overdue"] is True  # it was due in March


def test_audits_are_listed_page_by_page(place):
    first = place.get("/api/v1/audits", params={"limit": 1}).json()
    second = place.get("/api/v1/audits", params={"limit": 1, "before": first["before"]}).json()
    last = place.get("/api/v1/audits", params={"limit": 1, "before": second["before"]}).json()

    assert [one["id"] for one in first["audits"] + second["audits"]] == [2, 1]
    assert last == {"audits": [], "before": None}
    assert [one["id"] for one in place.get("/api/v1/audits?model=churn").json()["audits"]] == [1]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "limit=-1", "limit=²", "before=0", "before=" + "9" * 99]
)
def test_a_number_that_is_none_is_refused(place, query):
    answer = place.get(f"/api/v1/audits?{query}")

    assert answer.status_code == 400
    assert "must be a number from 1 to" in answer.json()["error"]


def test_an_audit_is_its_twin_to_the_byte(place, settings):
    (twin,) = (settings.reports / "churn").glob("*-1.json")

    assert place.get("/api/v1/audits/1").content == twin.read_bytes()


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "1.0", "%20", "9" * 30, "\u0661"])
def test_an_audit_that_is_not_there_is_404_in_json(place, number):
    for path in (f"/api/v1/audits/{number}", f"/api/v1/audits/{number}/trials.csv"):
        answer = place.get(path)
        assert answer.status_code == 404
        assert set(answer.json()) == {"error"}


def test_trials_are_a_table_for_spreadsheets(place):
    answer = place.get("/api/v1/audits/1/trials.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["number"] for row in rows] == ["0", "1"]
    assert json.loads(rows[0]["config"])


def test_a_schedule_that_cannot_be_read_is_listed_with_its_problem(place):
    broken, churn = place.get("/api/v1/schedules").json()["schedules"]

    assert (broken["name"], churn["name"], churn["problem"]) == ("broken", "churn", "")
    assert "broken.toml" in broken["problem"]


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/api/v1/audits"), ("POST", "/api/v1/models"), ("PUT", "/")]
)
def test_nothing_can_be_changed_but_by_asking_for_an_audit(place, method, path):
    assert place.client.request(method, path).status_code == 405


# ---------------------------------------------------------------- asking


def test_who_has_the_token_may_ask_for_an_audit(place):
    answer = place.ask({"schedule": "churn", "trials": 12, "seed": 7, "strategy": "panda"})

    assert answer.status_code == 202
    assert answer.json()["new"] is True
    assert answer.json()["order"] == place.get("/api/v1/queue").json()["queue"][0]
    assert place.orders[0].asked == Asked(trials=12, seed=7, strategy="panda")
    assert place.orders[0].occasion.said == "asked for over the API"


@pytest.mark.parametrize("token", [None, "wrong", TOKEN + "x", TOKEN[:-1], "ünïcode"])
def test_who_has_it_not_may_not(place, token):
    before = len(place.orders)
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}

    answer = place.client.post("/api/v1/audits", json={"schedule": "churn"}, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert len(place.orders) == before


@pytest.mark.parametrize("header", [TOKEN, f"Basic {TOKEN}", f"Bearer{TOKEN}", "Bearer", "Bearer  x"])
def test_a_token_that_is_not_sent_as_a_bearers_is_none(place, header):
    answer = place.client.post(
        "/api/v1/audits", json={"schedule": "churn"}, headers={"Authorization": header}
    )

    assert answer.status_code == 401


def test_without_a_configured_token_nobody_may(settings):
    before = len(open_queue(settings).orders())
    server = open_server(replace(settings, token=""))
    server.start()
    answers = [
        httpx.post(
            f"{server.url}/api/v1/audits",
            json={"schedule": "churn"},
            headers=headers,
            trust_env=False,
            timeout=PATIENCE,
        )
        for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": f"Bearer {TOKEN}"})
    ]
    server.stop()

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "set AUDITOR_TOKEN" in answers[0].json()["error"]
    assert len(open_queue(settings).orders()) == before


def test_the_same_request_sent_twice_is_queued_once(place):
    before = len(place.orders)

    answers = [place.ask({"schedule": "churn"}, **{"Idempotency-Key": "deploy-17"}) for _ in range(2)]
    other = place.ask({"schedule": "churn", "seed": 1}, **{"Idempotency-Key": "deploy-17"})

    assert [answer.status_code for answer in (*answers, other)] == [202, 200, 409]
    assert answers[0].json()["order"] == answers[1].json()["order"]
    assert len(place.orders) == before + 1


def test_one_request_sent_by_many_at_once_is_queued_once(place):
    before = len(place.orders)

    def ask(_number: int) -> httpx.Response:
        return place.ask({"schedule": "churn"}, **{"Idempotency-Key": "at-once"})

    with ThreadPoolExecutor(12) as many:
        answers = list(many.map(ask, range(24)))

    assert sorted(answer.status_code for answer in answers) == [200] * 23 + [202]
    assert len({answer.json()["order"]["id"] for answer in answers}) == 1
    assert len(place.orders) == before + 1


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "schedule: Field required"),
        ({"schedule": ""}, "schedule: "),
        ({"schedule": 7}, "schedule: "),
        ({"schedule": "churn", "trials": 5}, "trials: "),
        ({"schedule": "churn", "trials": True}, "trials: "),
        ({"schedule": "churn", "seed": 2**63}, "seed: "),
        ({"schedule": "churn", "minutes": "5"}, "minutes: "),
        ({"schedule": "churn", "command": "rm"}, "command: Extra inputs"),
        ([], "the body: "),
        ("churn", "the body: "),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_what_is_wrong(place, body, problem):
    answer = place.ask(body)

    assert answer.status_code == 400
    assert problem in answer.json()["error"]


@pytest.mark.parametrize(
    "body", [b"", b"null", b"{", b"\xff", b"[" * 16000, b'{"schedule": NaN}', b'{"schedule":"\\ud800']
)
def test_a_body_that_is_no_json_is_refused(place, body):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

    answer = place.client.post("/api/v1/audits", content=body, headers=headers)

    assert answer.status_code == 400


def test_a_body_without_end_is_refused_before_it_is_read(place):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

    def parts() -> Iterator[bytes]:
        for _ in range(200):
            yield b" " * 1024

    for content in (b" " * 17_000, parts()):
        assert place.client.post("/api/v1/audits", content=content, headers=headers).status_code == 413


def test_a_form_of_another_page_is_refused(place):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/plain"}

    assert place.client.post("/api/v1/audits", content=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "ü"])
def test_a_key_that_is_none_is_refused(place, key):
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": key.encode()}

    answer = place.client.post("/api/v1/audits", json={"schedule": "churn"}, headers=headers)

    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["nothing", "../churn", "churn.toml", "/etc/passwd", "a\0b"])
def test_a_schedule_that_is_not_there_is_404(place, name):
    answer = place.ask({"schedule": name})

    assert answer.status_code in (400, 404)
    assert set(answer.json()) == {"error"}


def test_a_schedule_that_cannot_be_read_is_not_queued(place):
    answer = place.ask({"schedule": "broken"})

    assert answer.status_code == 404
    assert "broken.toml" in answer.json()["error"]


def test_no_line_of_any_log_holds_the_token(place, caplog):
    caplog.set_level(logging.DEBUG)

    place.ask({"schedule": "churn"})
    place.ask({"schedule": "churn"}, token=TOKEN + "-wrong")
    place.get(f"/nothing?token={TOKEN}")
    place.raw("/x", headers={"Authorization": TOKEN, "Bad Header": "y"})

    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert ours != []
    assert [record.getMessage() for record in ours if TOKEN in record.getMessage()] == []


@given(
    path=st.sampled_from(["", "api/v1/", "api/v1/audits/", "api/v1/audits", "metrics/", "churn/"]),
    rest=st.text(max_size=60),
    query=st.text(max_size=60),
)
def test_whatever_is_asked_for_is_answered_and_never_a_bug_of_ours(place, path, rest, query):
    target = f"/{path}{quote(rest)}?{quote(query, safe='=&')}"

    assert place.raw(target)[0] < 500


@given(st.one_of(st.binary(max_size=300), st.recursive(JSON, deeper, max_leaves=10).map(json.dumps)))
def test_whatever_is_sent_is_answered_and_never_a_bug_of_ours(place, body):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

    assert place.raw("/api/v1/audits", method="POST", headers=headers, body=body)[0] in (200, 202, 400, 404)


# ---------------------------------------------------------------- figures and health


def figures(place) -> dict[tuple[str, ...], float]:
    answer = place.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_are_read_as_they_are_now(place):
    found = figures(place)

    assert found["auditor_database_up",] == 1
    assert found["auditor_stale_settings", "churn"] == 1
    assert found["auditor_gain", "churn", "log-loss"] == pytest.approx(0.02)
    assert found["auditor_overdue", "churn"] == 1
    assert found["auditor_failing", "<b>fraud</b>"] == 1
    assert ("auditor_last_success_timestamp_seconds", "<b>fraud</b>") not in found
    assert found["auditor_audits", "done"] == found["auditor_audits", "failed"] == 1
    assert found["auditor_tick_age_seconds",] == 3
    assert found["auditor_leases_expired_total",] == found["auditor_slots_missed_total",] == 0
    assert found["auditor_queue_depth", "queued"] == len(place.orders)
    assert {key[1] for key in found if key[0] == "auditor_queue_depth"} == {"queued", "running"}
    assert found["auditor_queue_oldest_seconds",] >= 0
    assert any(key[0] == "auditor_build" for key in found)


def test_a_hostile_name_of_a_model_is_one_label(place, settings, tmp_path):
    hostile = replace(Settings(listen="127.0.0.1:0").within(tmp_path), token="")
    keep(hostile, 'a"} 1\nauditor_overdue{model="b', Call.FRESH)
    server = open_server(hostile)
    server.start()
    with httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        found = figures(replace(place, client=client))
    server.stop()

    assert [key[1] for key in found if key[0] == "auditor_overdue"] == ['a"} 1\nauditor_overdue{model="b']


def test_health_is_looked_at_for_every_request(place):
    well = [place.get(path).status_code for path in ("/livez", "/readyz")]
    place.pulse.append(replace(WELL, tick_age_seconds=9999.0, trouble="the disk is full"))
    ill = [place.get(path) for path in ("/livez", "/readyz")]
    place.pulse.append(replace(WELL, problems={"broken": "broken.toml: 1 problem"}))
    part = [place.get(path) for path in ("/livez", "/readyz")]
    place.pulse.append(WELL)

    assert well == [200, 200]
    assert [answer.status_code for answer in ill] == [503, 503]
    assert [answer.status_code for answer in part] == [200, 503]
    assert ill[1].json()["ready"] is False
    (tick,) = (check for check in ill[1].json()["checks"] if check["name"] == "tick")
    assert tick["reason"].endswith("the disk is full")


def test_a_damaged_database_is_told_and_so_is_that_it_was_mended(tmp_path):
    settings = Settings(listen="127.0.0.1:0").within(tmp_path)
    keep(settings, "churn", Call.FRESH)
    database = tmp_path / "auditor.db"
    server = open_server(settings)
    server.start()

    def states() -> list[int]:
        paths = ("livez", "readyz", "metrics", "api/v1/models", "")
        return [
            httpx.get(f"{server.url}/{path}", trust_env=False, timeout=PATIENCE).status_code for path in paths
        ]

    before = states()
    kept = database.read_bytes()
    database.write_bytes(b"no database" * 1000)
    damaged, up = states(), httpx.get(f"{server.url}/metrics", trust_env=False, timeout=PATIENCE).text
    database.write_bytes(kept)
    after = states()
    server.stop()

    assert before == after == [200, 200, 200, 200, 200]
    assert damaged == [200, 503, 200, 503, 200]
    assert "auditor_database_up 0.0" in up


def test_stopping_frees_the_port_and_is_quick(settings):
    server = open_server(settings)
    server.start()
    address = server.address
    idle = socket.create_connection((address.host, address.port))
    assert httpx.get(f"{server.url}/livez", trust_env=False, timeout=PATIENCE).status_code == 200

    server.stop()
    server.stop()
    idle.close()

    assert not server.alive
    again = open_server(replace(settings, listen=str(address)))
    again.stop()


def test_no_server_where_it_is_off(settings):
    assert open_server(replace(settings, listen="off")) is None


def test_the_web_side_loads_neither_torch_nor_what_audits_need():
    code = (
        "import sys, auditor.serving, auditor.http.app, auditor.http.server, auditor.storage.reading;"
        "print(*({'torch', 'sklearn', 'scipy', 'pandas', 'jinja2', 'pyarrow'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.split() == []
