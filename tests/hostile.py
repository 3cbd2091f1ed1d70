"""Names that want to be more than names, and an audit in which everything a user can name is called so."""

from dataclasses import replace

from auditor.core.records import Audit, CapturedSetting, Failure, FailureKind, Value

NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }} {% raw %}",
    "\u202eevil\u202c",
    "\u05e9\u05dc\u05d5\u05dd 12 \u0645\u0631\u062d\u0628\u0627",
    "\N{PILE OF POO}\u0301",
    "\u5b66\u7fd2\u7387" * 40,
    "x" * 300,
    "a\x00b\ud800c",
    "</title></svg></style>",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "",
]


def named(audit: Audit, name: str) -> Audit:
    """Return an audit in which whatever a user can name is called ``name``."""
    first = audit.settings[0].name
    search, confirmation = audit.search, audit.confirmation
    assert search is not None
    assert confirmation is not None

    def renamed(config: dict[str, Value]) -> dict[str, Value]:
        return {name if key == first else key: value for key, value in config.items()}

    trials = tuple(replace(trial, config=renamed(dict(trial.config))) for trial in search.trials)
    lost = replace(trials[3], loss=None, failure=Failure(FailureKind.ERROR, name))
    space = (replace(search.space[0], name=name, warning=name), *search.space[1:])
    finalists = tuple(replace(one, config=renamed(dict(one.config))) for one in confirmation.finalists)
    return replace(
        audit,
        model=name,
        headline=name,
        sentence=name,
        unit=name,
        settings=(replace(audit.settings[0], name=name, sentence=name), *audit.settings[1:]),
        groups=((name, "b"),),
        search=replace(search, space=space, trials=(*trials[:3], lost, *trials[4:]), reason=name),
        confirmation=replace(confirmation, finalists=finalists, reason=name),
        capture=replace(
            audit.capture, settings=(CapturedSetting(name=name, raw=name, value=name, origin=name),)
        ),
        provenance=replace(audit.provenance, command=name, schedule_text=name, versions={name: name}),
        notes=(name,),
    )
