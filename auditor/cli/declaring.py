"""``auditor init``, ``check`` and ``capture``: what is audited, and what production runs."""

from typing import Annotated

import typer

from auditor.cli.arguments import Json, Name
from auditor.errors import DeclarationError
from auditor.settings import Settings


def init(
    name: Annotated[str, typer.Argument(help="What the audit is to be called: the stem of its file.")],
    data: Annotated[
        str | None,
        typer.Option(
            help="Fresh rows: CSV or Parquet path or URL, package.module:function, or a database URL."
        ),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Where production's settings live: joblib:model.joblib, json:params.json#/model, ...",
        ),
    ] = None,
    estimator: Annotated[
        str | None, typer.Option(help="What is trained: sklearn.ensemble:RandomForestClassifier.")
    ] = None,
    module: Annotated[
        str | None, typer.Option(help="Your function that builds a torch network: shop.churn:network.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column to be predicted.")] = None,
    time: Annotated[
        str | None, typer.Option(help="The column that says when a row is from, or none.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="Rows of one group never straddle a split: a customer's, for example.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(help="A column that is no feature; may be given often.")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="What production runs, as name=value; may be given often."),
    ] = None,
    query: Annotated[str | None, typer.Option(help="SQL that selects the rows of a database.")] = None,
    metric: Annotated[str | None, typer.Option(help="What a model is scored by.")] = None,
    margin: Annotated[str, typer.Option(help="The smallest gain worth a redeployment.")] = "1%",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take every proposal.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a schedule of that name.")] = False,
    check: Annotated[bool, typer.Option(help="Try what was written.")] = True,
    json: Json = False,
) -> None:
    """Write a schedule from a data file, an estimator or a saved model, and try it.

    What is not given is proposed, each proposal with its reason, and asked about on a terminal; a data file
    alone is enough. The file holds a range for every setting that is known, with its source. It is written
    over only with --force, and tried as `auditor check` does unless --no-check.
    """
    from auditor.cli.asking import ask_for_production, ask_for_query, ask_for_rows
    from auditor.cli.drafting import at_terminal, init_schedule
    from auditor.declarations.forms import is_database
    from auditor.drafts.arguments import as_origin, read_settings
    from auditor.drafts.drafting import Given

    ask = not (yes or json) and at_terminal()
    if data is None and ask:
        data = ask_for_rows()
    if data is None:
        raise DeclarationError("say where fresh rows are: `auditor init NAME --data rows.csv`")
    if query is None and ask and is_database(data):
        query = ask_for_query()
    asked = Given(
        name=name,
        data=data,
        query=query,
        origin=None if origin is None else as_origin(origin),
        estimator=estimator,
        module=module,
        target=target,
        time="" if time == "none" else time,
        group=group,
        drop=tuple(drop or ()),
        settings=read_settings(setting or ()),
        metric=metric,
        margin=margin,
    )
    if ask:
        asked = ask_for_production(asked)
    raise typer.Exit(init_schedule(Settings.here(), asked, ask=ask, force=force, check=check, json=json))


def check(
    name: Annotated[str | None, typer.Argument(help="One schedule; all of them when left out.")] = None,
    json: Json = False,
) -> None:
    """Try everything that an audit needs, once: schedule, production, data, one training. Audits nothing."""
    from auditor.cli.checking import check_all

    raise typer.Exit(check_all(Settings.here(), name, json=json))


def capture(
    name: Name,
    data: Annotated[bool, typer.Option(help="File the rows it was tuned on, too.")] = True,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Only if its settings are others than before; files no rows.")
    ] = False,
    json: Json = False,
) -> None:
    """Record what production runs now, with its environment and code; made for the deploy job."""
    from auditor.cli.printing import print_capture
    from auditor.interface import capture as record
    from auditor.interface import notice

    recorded = notice(name) if if_changed else record(name, data=data)
    if recorded is not None:
        print_capture(recorded, json=json)
    else:
        print("null" if json else f"{name}: production runs what was captured last")
