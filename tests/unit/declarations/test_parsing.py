import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import DimensionSpec, Margin, Plan, Repeat, ScaleName, TrainerSpec, Value, digest_of
from auditor.declarations import parse_plan
from auditor.declarations.trainers import TRAINER_FORMS
from auditor.errors import DeclarationError

SMALLEST = """\
[production]
learning_rate = 0.1

[data]
source = "flights.parquet"
target = "late"

[trainer]
estimator = "sklearn.ensemble:HistGradientBoostingClassifier"
"""

WITH_SEARCH = (
    SMALLEST
    + """
[search.learning_rate]
scale = "log"
low = 1e-3
high = 1.0
"""
)

NAMES = st.from_regex(r"[a-z_]{1,9}", fullmatch=True).filter(lambda name: name != "from")
VALUES = st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)


def plan_of(text: str) -> Plan:
    return parse_plan(text, "schedules/flights.toml")


def problems_of(text: str) -> dict[str, str]:
    """Return what is wrong with a text, by the key it is wrong with."""
    with pytest.raises(DeclarationError) as caught:
        plan_of(text)
    head, *lines = str(caught.value).splitlines()
    assert head == f"schedules/flights.toml: {len(lines)} problem{'s' if len(lines) > 1 else ''}"
    return dict(re.split(r"  +", line.strip(), maxsplit=1) for line in lines)


def instead(old: str, new: str, text: str = SMALLEST) -> str:
    assert old in text
    return text.replace(old, new)


def test_the_smallest_useful_schedule_takes_fewer_than_15_lines():
    assert len(SMALLEST.splitlines()) < 15

    plan = plan_of(SMALLEST)

    assert (plan.name, plan.model) == ("flights", "flights")
    assert plan.production.inline == {"learning_rate": 0.1}
    assert plan.policy.metric == "log_loss"
    assert plan.policy.margin == Margin(0.01, relative=True)
    assert plan.policy.confidence == 0.95
    assert plan.budget.trials == 30
    assert plan.budget.time == timedelta(minutes=20)
    assert 1 <= plan.budget.workers <= 2
    assert plan.when.every is None
    assert plan.when.cron is None
    assert plan.search == {}


def test_every_key_reaches_the_plan():
    plan = plan_of(
        """
        model = "late-flights"
        [production]
        from = "json:params.json#/model"
        lr = 0.1
        max_depth = "None"
        [data]
        source = "sqlite:///flights.db"
        query = "SELECT * FROM flights"
        target = "late"
        time = "day"
        group = "plane"
        drop = ["id"]
        window = "12 h"
        rows = 50_000
        [trainer]
        kind = "sklearn"
        estimator = "shop.model:build"
        fixed = { max_iter = 100, verbose = false }
        [search.lr]
        scale = "log"
        low = 1
        high = 8
        integer = true
        grow = false
        [search.l1_ratio]
        low = 0.0
        high = 1.0
        only_if = { penalty = "elasticnet", solver = ["saga", "sag"] }
        [search.penalty]
        choices = ["l2", "None"]
        [policy]
        metric = "auc"
        margin = 0.004
        confidence = 0.9
        [budget]
        strategy = "caviar"
        trials = 60
        time = "1 hour"
        workers = 4
        trial_timeout = "90 s"
        trial_memory = "512 MB"
        [when]
        every = "2 weeks"
        timezone = "Europe/Paris"
        data_drift = 0.2
        environment = true
        code = true
        production = true
        """.replace("lr = 0.1", "lr = 2")
    )

    assert plan.model == "late-flights"
    assert plan.production.origin == "json:params.json#/model"
    assert plan.production.inline == {"lr": 2, "max_depth": None}
    assert plan.data.query == "SELECT * FROM flights"
    assert (plan.data.time, plan.data.group, plan.data.drop) == ("day", "plane", ("id",))
    assert (plan.data.window, plan.data.rows) == (timedelta(hours=12), 50_000)
    assert plan.trainer.fixed == {"max_iter": 100, "verbose": False}
    assert plan.search["lr"] == DimensionSpec(
        scale=ScaleName.LOG, low=1.0, high=8.0, integer=True, grow=False
    )
    assert plan.search["l1_ratio"].only_if == {"penalty": ("elasticnet",), "solver": ("saga", "sag")}
    assert plan.search["penalty"] == DimensionSpec(scale=ScaleName.CHOICE, choices=("l2", None))
    assert plan.policy.margin == Margin(0.004, relative=False)
    assert (plan.policy.metric, plan.policy.confidence) == ("auc", 0.9)
    assert (plan.budget.strategy, plan.budget.trials, plan.budget.workers) == ("caviar", 60, 4)
    assert plan.budget.trial_timeout == timedelta(seconds=90)
    assert plan.budget.trial_memory == 512 * 1024**2
    assert plan.when.every == timedelta(weeks=2)
    assert (plan.when.timezone, plan.when.data_drift) == ("Europe/Paris", 0.2)
    assert plan.when.environment
    assert plan.when.code
    assert plan.when.production


def test_all_mistakes_are_reported_at_once():
    text = WITH_SEARCH + (
        'high_ = 3\n[policy]\nmargn = "1%"\nconfidence = 1.0\n[budget]\ntrials = 2\n[wen]\nevery = "1 day"\n'
    )

    assert problems_of(text) == {
        "wen": "unknown key; did you mean 'when'?",
        "search.learning_rate.high_": "unknown key; did you mean 'high'?",
        "policy.margn": "unknown key; did you mean 'margin'?",
        "policy.confidence": "must be below 1.0, got 1.0",
        "budget.trials": "must be 6 or more, got 2",
    }


def test_one_mistake_in_a_table_does_not_hide_another_between_tables():
    text = instead("learning_rate = 0.1", "learning_rate = 3", WITH_SEARCH) + "hihg = 4\n"

    assert set(problems_of(text)) == {"search.learning_rate.hihg", "production.learning_rate"}


def test_a_misspelt_setting_of_production_is_one_mistake_not_two():
    text = instead("learning_rate = 0.1", "learning_rate = { a = 1 }", WITH_SEARCH)

    assert set(problems_of(text)) == {"production.learning_rate"}


def test_a_key_in_the_wrong_place_is_told_where_it_belongs():
    assert problems_of('metric = "auc"\n' + SMALLEST) == {"metric": "unknown key; it belongs in [policy]"}


def test_what_must_be_declared_is_asked_for():
    assert set(problems_of('model = "x"')) == {"data.source", "data.target", "trainer.estimator"}


@pytest.mark.parametrize(
    ("text", "where"),
    [("a = ", "end of document"), ("a = 1\nb ! 2\n", "line 2, column 3"), ("[x\n", "line 1, column 3")],
)
def test_a_syntax_error_says_where(text, where):
    assert list(problems_of(text)) == [where]


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_schedule_is_refused(text):
    with pytest.raises(DeclarationError, match="is empty"):
        plan_of(text)


@pytest.mark.parametrize("name", ['"../etc"', '"a/b"', '""', "3", '".hidden"', '"two words"'])
def test_a_model_must_have_a_name_that_can_be_a_folder(name):
    assert list(problems_of(f"model = {name}\n{SMALLEST}")) == ["model"]


# ---------------------------------------------------------------- data and trainer


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('window = "90 days"', "data.window"),
        ('query = "SELECT 1"', "data.query"),
        ('time = "late"', "data.time"),
        ('group = "late"', "data.group"),
        ('drop = ["late"]', "data.drop"),
        ('drop = "id"', "data.drop"),
        ("rows = 0", "data.rows"),
        ("rows = 1.5", "data.rows"),
        ("time = 3", "data.time"),
        ('time = " "', "data.time"),
        ('windw = "90 days"', "data.windw"),
    ],
)
def test_a_wrong_data_key_is_named(line, where):
    text = instead('target = "late"', f'target = "late"\n{line}')

    assert list(problems_of(text)) == [where]


def test_a_database_needs_a_query():
    text = instead("flights.parquet", "postgresql://db/flights")

    assert problems_of(text) == {"data.query": "is missing: the SQL that selects the rows of a database"}


def test_an_unknown_kind_of_trainer_is_the_only_mistake_of_its_table():
    text = instead("[trainer]", '[trainer]\nkind = "sklaern"\ncommand = "Rscript train.R"')

    assert problems_of(text) == {
        "trainer.kind": f"must be one of {', '.join(map(repr, TRAINER_FORMS))}, got 'sklaern'; "
        "did you mean 'sklearn'?"
    }


def test_the_trainer_of_a_plan_says_what_is_trained_and_how():
    assert plan_of(SMALLEST).trainer == TrainerSpec(
        kind="sklearn", entry="sklearn.ensemble:HistGradientBoostingClassifier"
    )


def test_a_mistake_in_the_trainer_names_its_key():
    text = instead("[trainer]", "[trainer]\nfixd = { max_iter = 3 }\nfixed = { max_iter = [[1]] }")

    assert set(problems_of(text)) == {"trainer.fixd", "trainer.fixed.max_iter"}
    assert problems_of(text)["trainer.fixd"] == "unknown key; did you mean 'fixed'?"


def own_trainer(lines):
    return SMALLEST.partition("[trainer]")[0] + f"[trainer]\nkind = 'python'\n{lines}"


def test_an_own_function_is_declared_with_what_it_gives():
    plan = plan_of(own_trainer("function = 'shop.churn:train'\ngives = 'losses'\nfixed = { depth = 3 }"))

    assert plan.trainer == TrainerSpec(
        kind="python",
        entry="shop.churn:train",
        fixed={"depth": 3},
        options={"gives": "losses", "classes": None, "together": None},
    )
    assert plan.policy.metric == "loss"


def test_what_an_own_function_predicts_needs_a_metric():
    assert problems_of(own_trainer("function = 'shop.churn:train'")) == {
        "policy.metric": "is missing, and does not go without saying for 'shop.churn:train'; "
        "name one, such as 'log_loss', 'auc' or 'squared_error'"
    }


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        ("gives = 'loss'", {"trainer.function": "is missing: an import path such as 'shop.churn:train'"}),
        (
            "function = 'shop.churn:train'\ngives = 'los'",
            {
                "trainer.gives": "must be one of 'predictions', 'losses', 'loss', 'score', got 'los'; "
                "did you mean 'loss'?"
            },
        ),
        (
            "function = 'shop.churn:train'\ngives = 'loss'\nestimator = 'shop.churn:Model'",
            {"trainer.estimator": "goes with kind = 'sklearn', and this trainer is of kind 'python'"},
        ),
    ],
)
def test_a_wrong_key_of_an_own_trainer_is_named(lines, problems):
    assert problems_of(own_trainer(lines)) == problems


@pytest.mark.parametrize(
    ("given", "entry"),
    [
        ("'Rscript train.R --quick'", "Rscript train.R --quick"),
        ("['sh', 'my train.sh']", "sh 'my train.sh'"),
        ("\"sh 'my train.sh'\"", "sh 'my train.sh'"),
    ],
)
def test_a_command_is_words_and_no_shell(given, entry):
    text = own_trainer(f"command = {given}\ngives = 'score'").replace("'python'", "'command'")

    assert plan_of(text).trainer.entry == entry
    assert plan_of(text).trainer.options == {
        "gives": "score",
        "classes": None,
        "rows": "csv",
        "fidelity": False,
    }


@pytest.mark.parametrize(
    ("lines", "where", "said"),
    [
        ("", "command", "is missing: a program and its arguments"),
        ("command = ''", "command", "must be a command such as 'Rscript train.R'"),
        ("command = '  '", "command", "must be a command"),
        ("command = []", "command", "must be a command"),
        ("command = ['sh', 3]", "command", "or a list of its words, got ['sh', 3]"),
        ("command = 3", "command", "must be a command"),
        ('command = "sh \'train"', "command", "cannot be split into words: no closing quotation"),
        ("command = 'sh train.sh'\nrows = 'xls'", "rows", "must be one of 'csv', 'parquet', got 'xls'"),
    ],
)
def test_a_wrong_command_is_told(lines, where, said):
    problems = problems_of(own_trainer(f"gives = 'loss'\n{lines}").replace("'python'", "'command'"))

    assert list(problems) == [f"trainer.{where}"]
    assert said in problems[f"trainer.{where}"]


@pytest.mark.parametrize("trainer", ["3", '"sklearn"', "[]"])
def test_a_trainer_is_a_table(trainer):
    text = f"trainer = {trainer}\n" + SMALLEST.partition("[trainer]")[0]

    assert "must be a table" in problems_of(text)["trainer"]


def test_a_dotted_estimator_is_told_its_colon():
    text = instead("sklearn.ensemble:Hist", "sklearn.ensemble.Hist")

    assert problems_of(text)["trainer.estimator"].endswith(
        "did you mean 'sklearn.ensemble:HistGradientBoostingClassifier'?"
    )


@pytest.mark.parametrize(
    ("estimator", "metric"),
    [
        ("sklearn.ensemble:RandomForestClassifier", "log_loss"),
        ("sklearn.linear_model:LogisticRegression", "log_loss"),
        ("sklearn.ensemble:RandomForestRegressor", "squared_error"),
        ("sklearn.linear_model:Ridge", "squared_error"),
    ],
)
def test_the_metric_follows_from_a_telling_name(estimator, metric):
    text = instead("sklearn.ensemble:HistGradientBoostingClassifier", estimator)

    assert plan_of(text).policy.metric == metric


@pytest.mark.parametrize("estimator", ["shop.model:build", "sklearn.linear_model:RidgeClassifier"])
def test_the_metric_must_be_declared_where_the_name_does_not_tell(estimator):
    text = instead("sklearn.ensemble:HistGradientBoostingClassifier", estimator)

    assert list(problems_of(text)) == ["policy.metric"]
    assert plan_of(text + '[policy]\nmetric = "auc"').policy.metric == "auc"


# ---------------------------------------------------------------- production and search


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("params.json", "says no kind"),
        ("jsn:params.json", "did you mean 'json'?"),
        ("json:", "names nothing"),
        ("python:shop.serving", "must be 'python:package.module:function'"),
    ],
)
def test_an_origin_must_be_of_a_known_kind(origin, said):
    text = instead("learning_rate = 0.1", f'from = "{origin}"')

    assert said in problems_of(text)["production.from"]


def test_production_may_be_left_to_the_deploy_job():
    assert plan_of(SMALLEST.partition("\n\n")[2]).production.inline == {}


@pytest.mark.parametrize("value", ["[1, [2]]", "[]", "[1, nan]", "{ a = 1 }", "nan", "inf", "2024-01-01"])
def test_a_setting_holds_a_plain_finite_value(value):
    assert list(problems_of(instead("learning_rate = 0.1", f"x = {value}"))) == ["production.x"]


def test_each_part_of_a_list_is_a_setting():
    text = instead("learning_rate = 0.1", "hidden_layer_sizes = [100, 50]")
    text += 'fixed = { betas = [0.9, 0.999] }\n[search."hidden_layer_sizes[1]"]\nlow = 5\nhigh = 60'

    plan = plan_of(text)

    assert plan.production.inline == {"hidden_layer_sizes[0]": 100, "hidden_layer_sizes[1]": 50}
    assert plan.trainer.fixed == {"betas[0]": 0.9, "betas[1]": 0.999}
    assert list(plan.search) == ["hidden_layer_sizes[1]"]


def test_what_is_asked_for_of_an_origin_needs_one():
    text = instead("learning_rate = 0.1", 'only = ["lr"]\nlearning_rate = 0.1')

    assert "goes with production.from only" in problems_of(text)["production.only"]
    text = text.replace("only =", 'from = "env:LR_"\nonly =')
    assert plan_of(text).production.only == ("lr",)


def test_a_file_that_runs_code_is_trusted_by_the_schedule_and_nothing_else_is():
    text = instead("learning_rate = 0.1", 'from = "joblib:m.joblib"\ntrusted = true')
    named = text.replace("joblib", "skops").replace("true", '["shop.model.Step"]', 1)

    assert plan_of(text).production.trusted is True
    assert plan_of(named).production.trusted == ("shop.model.Step",)
    assert plan_of(text.replace("trusted = true", "")).production.trusted is False
    refused = problems_of(text.replace("joblib:m.joblib", "torch:m.pt"))
    assert "goes with production.from = 'joblib:...' or 'skops:...'" in refused["production.trusted"]
    refused = problems_of(text.replace("true", '["shop.model.Step"]', 1))
    assert "must be true or false for joblib:" in refused["production.trusted"]


@pytest.mark.parametrize(
    "origin", ["mlflow:models:/late@champion", "optuna:sqlite:///s.db#late", "torch:m.pt", "sql:u#q"]
)
def test_production_may_live_with_a_vendor(origin):
    assert plan_of(instead("learning_rate = 0.1", f'from = "{origin}"')).production.origin == origin


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ('scale = "log"\nlow = 0.0\nhigh = 1.0', "low"),
        ('scale = "one-minus-log"\nlow = 0.0\nhigh = 1.0', "high"),
        ("low = 1.0\nhigh = 0.05", "high"),
        ("low = 0.1\nhigh = 0.1", "high"),
        ("low = inf", "low"),
        ('low = "0.1"', "low"),
        ("integer = true\nlow = 0.5", "low"),
        ('scale = "choice"', "choices"),
        ("choices = [0.1]", "choices"),
        ("choices = [0.1, 0.1]", "choices"),
        ("choices = [0.1, 0.2]\nlow = 0.1", "low"),
        ("choices = [0.1, 0.2]\ninteger = true", "integer"),
        ("choices = [0.1, 0.2]\ngrow = false", "grow"),
        ('grow = "no"', "grow"),
        ('scale = "log"\nchoices = [0.1, 0.2]', "choices"),
        ('scale = "logarithmic"', "scale"),
        ("only_if = { learning_rate = 0.1 }", "only_if.learning_rate"),
        ("only_if = { penalty = 0.1 }", "only_if.penalty"),
        ("only_if = { penalty = [] }", "only_if"),
    ],
)
def test_a_wrong_search_key_is_named(table, where):
    problems = problems_of(f"{SMALLEST}\n[search.learning_rate]\n{table}\n")

    assert f"search.learning_rate.{where}" in problems


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ("low = 0.2", "0.1"),
        ("high = 0.05", "0.1"),
        ('scale = "log"', "0.0"),
        ('scale = "one-minus-log"', "1.0"),
        ("integer = true\nlow = 0", "1.5"),
        ("choices = [1, 2]", "true"),
        ("low = 0.0", '"0.1"'),
        ("low = 0.0", "false"),
    ],
)
def test_a_production_value_outside_its_search_is_named(table, value):
    text = instead("learning_rate = 0.1", f"learning_rate = {value}")

    assert list(problems_of(f"{text}\n[search.learning_rate]\n{table}\n")) == ["production.learning_rate"]


def test_a_searched_setting_must_be_one_that_production_has():
    problems = problems_of(SMALLEST + "[search.lerning_rate]\nlow = 0.0\n")

    assert problems == {"search.lerning_rate": "production has no 'lerning_rate'; it has learning_rate"}


def test_a_searched_setting_may_come_from_the_origin_instead():
    text = instead("learning_rate = 0.1", 'from = "env:MODEL_"\nlearning_rate = 0.1')

    assert set(plan_of(text + "[search.depth]\nlow = 1\n").search) == {"depth"}


def test_a_conditional_setting_may_be_absent_where_its_condition_does_not_hold():
    text = instead("learning_rate = 0.1", 'learning_rate = 0.1\npenalty = "l2"')
    conditional = text + '[search.l1_ratio]\nlow = 0.0\nhigh = 1.0\nonly_if = { penalty = "%s" }\n'

    assert "l1_ratio" in plan_of(conditional % "elasticnet").search
    assert list(problems_of(conditional % "l2")) == ["search.l1_ratio"]


@pytest.mark.parametrize("table", ["production.learning_rate = 0.2", "search.learning_rate.low = 0.0"])
def test_a_fixed_setting_is_neither_given_twice_nor_searched(table):
    text = f"{table}\n" + SMALLEST.partition("\n\n")[2] + "fixed = { learning_rate = 0.1 }\n"

    assert "trainer.fixed.learning_rate" in problems_of(text)


# ---------------------------------------------------------------- policy, budget, when


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (key, value)
        for key, values in [
            ("policy.margin", ['"1"', '"0%"', '"100%"', "0", "-0.1", "inf", "true"]),
            ("policy.confidence", ["0.5", "1", '"95%"']),
            ("policy.metric", ['""']),
            ("budget.strategy", ['"grid"']),
            ("budget.trials", ["5"]),
            ("budget.time", ["20", '"20"', '"0 min"', '"3 months"', '"9e9 d"']),
            ("budget.workers", ["0", "true"]),
            ("budget.trial_memory", ['"4"', "4", '"4 bits"']),
            ("policy.repeat", ['"detector"', "1"]),
            ("when.every", ['"automatic"', "true", '"999999 days"']),
            ("when.stale_cost", ["0", '"2"']),
            ("when.cron", ['"0 3 * *"', '"0 3 * * 1"', '"0 3 * * mon-5"', '"0 25 * * *"', '"0 0 30 2 *"']),
            ("when.timezone", ['"Europe/Pari"', '"../UTC"']),
            ("when.data_drift", ["0"]),
            ("when.code", ["1", '"yes"']),
        ]
        for value in values
    ],
)
def test_a_wrong_value_is_named_and_quoted(key, value):
    text = f"{key} = {value}\n{SMALLEST}"

    assert list(problems_of(text)) == [key]


def test_every_and_cron_do_not_go_together():
    text = SMALLEST + '[when]\nevery = "90 days"\ncron = "0 3 * * mon"\n'

    assert problems_of(text) == {"when.cron": "does not go with when.every; keep one of the two"}


def test_an_interval_may_be_left_to_what_audits_find():
    when = plan_of(f'{SMALLEST}[when]\nevery = "auto"\nstale_cost = 4\n').when

    assert (when.auto, when.every, when.stale_cost) == (True, None, 4.0)


def test_what_staleness_costs_is_weighed_only_where_the_interval_is_left_open():
    text = f'{SMALLEST}[when]\nevery = "90 days"\nstale_cost = 4\n'

    assert problems_of(text) == {
        "when.stale_cost": "goes with when.every = 'auto' only: nothing else weighs what staleness costs"
    }


def test_auto_and_cron_do_not_go_together():
    text = f'{SMALLEST}[when]\nevery = "auto"\ncron = "0 3 * * mon"\n'

    assert list(problems_of(text)) == ["when.cron"]


@pytest.mark.parametrize("repeat", list(Repeat))
def test_how_audits_are_read_together_is_declared(repeat):
    assert plan_of(f'{SMALLEST}[policy]\nrepeat = "{repeat}"\n').policy.repeat is repeat


def test_evidence_adds_up_unless_the_schedule_says_otherwise():
    assert plan_of(SMALLEST).policy.repeat is Repeat.EVIDENCE


@pytest.mark.parametrize("cron", ["0 3 * * mon", "0 3 1 */3 *", "*/15 2-4 1,15 jan sun#2", "0 3 * * */2"])
def test_a_cron_line_with_named_weekdays_is_taken(cron):
    assert plan_of(f'{SMALLEST}[when]\ncron = "{cron}"\n').when.cron == cron


# ---------------------------------------------------------------- secrets and laws


def test_a_password_is_used_but_not_kept():
    url = "postgresql://ann:s3cr@t@db/flights"
    text = instead("flights.parquet", url) + '[policy]\nmetric = "auc"\n'
    text = instead('target = "late"', 'target = "late"\nquery = "SELECT 1"', text)

    plan = plan_of(text)

    assert plan.data.source == url
    assert "s3cr" not in plan.text
    assert "db/flights" in plan.text
    assert plan.digest == digest_of(text)


def test_a_password_is_in_no_message():
    text = instead("flights.parquet", "https://ann:s3cret@host/rows.csv")

    said = problems_of(instead('target = "late"', 'target = "late"\nquery = "SELECT 1"', text))

    assert "s3cret" not in str(said)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_settings_survive_the_way_through_a_file(settings: dict[str, Value]):
    lines = "\n".join(f"{name} = {_toml(value)}" for name, value in settings.items())

    plan = plan_of(instead("learning_rate = 0.1", lines))

    assert plan.production.inline == settings
    assert all(type(plan.production.inline[name]) is type(value) for name, value in settings.items())


def _toml(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
