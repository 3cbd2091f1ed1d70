"""Where this process runs: the environment, read once into one frozen record."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.errors import DeclarationError

CACHE = "AUDITOR_VAULT_CACHE"
"""Where this machine keeps copies of vaults that are elsewhere."""

OURS = "AUDITOR_"
"""How our own variables begin. They hold secrets (a database's password, the token of the web side, the
addresses of who is told), so that no process in which user code runs is handed one."""

VARIABLES = (
    "AUDITOR_DATABASE_URL",
    "AUDITOR_EXECUTOR",
    "AUDITOR_LISTEN",
    "AUDITOR_NOTIFY",
    "AUDITOR_NOTIFY_REMIND",
    "AUDITOR_NOTIFY_SECRET",
    "AUDITOR_REPORTS",
    "AUDITOR_SCHEDULES",
    "AUDITOR_SITE",
    "AUDITOR_TOKEN",
    "AUDITOR_VAULT",
    CACHE,
)
"""All that are read."""

_SLIP = 0.8
"""How alike (`difflib`) the rest of a name must be to one of ours to be a slip; REPORTS and PORT: 0.73."""

_OF_SERVICE = re.compile(r"_(SERVICE_HOST|SERVICE_PORT|PORT)(_\w+)?$")
"""How the names end that Kubernetes sets for each service beside a pod: one called ``auditor-database`` is
nearly AUDITOR_DATABASE_URL."""

DEFAULT_DATABASE = "sqlite:///auditor.db"

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for user code: without our own variables, but where copies are kept.

    That one is no secret, and a worker that did not know it would fetch again what this machine has.

    Examples
    --------
    >>> without_ours({"HOME": "/home/ann", "AUDITOR_TOKEN": "s3cret"})
    {'HOME': '/home/ann'}
    """
    return {name: value for name, value in environment.items() if name == CACHE or not name.startswith(OURS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are kept; every default works on a laptop, in the current folder.

    Attributes
    ----------
    database_url
        SQLAlchemy URL of the ledger.
    vault, reports, schedules
        Folders. Where the vault is at ``vault_url``, ``vault`` is this machine's copies of what lies there.
    vault_url
        Where the vault is, when it is not a folder: any URL that fsspec knows, without secrets.
    cache
        The folder in which a machine keeps its copies of vaults that are elsewhere.
    executor
        ``pool`` (worker processes), ``inline`` (this process; for debugging a trainer) or
        ``dask://host:8786`` (the workers of a Dask scheduler).
    notify
        URLs of the channels that are told of verdicts, in one text; they may hold secrets.
    notify_secret
        Signs what webhooks are sent.
    remind
        After how long what stays stale is said again: a span, or ``never``.
    listen
        Where the web side listens, or ``off``; empty for this machine's own address.
    token
        Who has it may ask for audits over the web; empty if nobody may.
    site
        Where the reports are reached, for links: ``https://auditor.example.org``; empty for paths.
    """

    database_url: str = DEFAULT_DATABASE
    vault: Path = Path("vault")
    vault_url: str = ""
    cache: Path = Path(".cache/auditor")
    reports: Path = Path("reports")
    schedules: Path = Path("schedules")
    executor: str = "pool"
    # Secrets: never shown, whatever prints these settings.
    notify: str = field(default="", repr=False)
    notify_secret: str = field(default="", repr=False)
    remind: str = "7 days"
    site: str = ""
    listen: str = ""
    token: str = field(default="", repr=False)

    @classmethod
    def here(cls) -> "Settings":
        """Return the settings of this process's environment; see `from_environment`."""
        return cls.from_environment(os.environ)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings that ``AUDITOR_*`` variables ask for; empty ones count as absent.

        Raises
        ------
        DeclarationError
            If the vault's URL holds a password, or a variable's name is a slip of one of ours.
        """
        _refuse_slips(environment)
        vault, cache = environment.get("AUDITOR_VAULT") or "vault", cache_folder(environment)
        elsewhere = is_url(vault)
        if elsewhere and _PASSWORD.search(vault):
            raise DeclarationError(
                "AUDITOR_VAULT holds a password, which would be shown; give keys by the environment "
                "(AWS_SECRET_ACCESS_KEY, or FSSPEC_SFTP_PASSWORD and the like)"
            )
        return cls(
            database_url=environment.get("AUDITOR_DATABASE_URL") or DEFAULT_DATABASE,
            vault=copies_of(vault, cache) if elsewhere else Path(vault.removeprefix("file://")),
            vault_url=vault.rstrip("/") if elsewhere else "",
            cache=cache,
            reports=Path(environment.get("AUDITOR_REPORTS") or "reports"),
            schedules=Path(environment.get("AUDITOR_SCHEDULES") or "schedules"),
            executor=environment.get("AUDITOR_EXECUTOR") or "pool",
            notify=environment.get("AUDITOR_NOTIFY") or "",
            notify_secret=environment.get("AUDITOR_NOTIFY_SECRET") or "",
            remind=environment.get("AUDITOR_NOTIFY_REMIND") or "7 days",
            listen=environment.get("AUDITOR_LISTEN") or "",
            token=environment.get("AUDITOR_TOKEN") or "",
            site=(environment.get("AUDITOR_SITE") or "").rstrip("/"),
        )

    def within(self, folder: Path) -> "Settings":
        """Return the default places, inside another folder."""
        return replace(
            self,
            database_url=f"sqlite:///{(folder / 'auditor.db').resolve()}",
            vault=folder / "vault",
            vault_url="",
            reports=folder / "reports",
            schedules=folder / "schedules",
        )

    def aside(self, folder: Path) -> "Settings":
        """Return settings for what leaves nothing behind: a vault in a temporary folder of this machine.

        With this machine's workers, since a cluster's do not reach that folder.
        """
        executor = "pool" if self.executor.startswith("dask://") else self.executor
        return replace(self, vault=folder, vault_url="", executor=executor)


def _refuse_slips(environment: Mapping[str, str]) -> None:
    """Refuse a name that is nearly one of ours: its value would go unread, and audits elsewhere than meant.

    Other names that begin as ours do may be somebody else's.
    """
    strange = [
        name
        for name in environment
        if name.startswith(OURS) and name not in VARIABLES and not _OF_SERVICE.search(name)
    ]
    if not strange:
        return
    from difflib import get_close_matches

    known = [name.removeprefix(OURS) for name in VARIABLES]
    for name in strange:
        near = get_close_matches(name.removeprefix(OURS), known, n=1, cutoff=_SLIP)
        if near:
            raise DeclarationError(
                f"the environment sets {name}, which is no variable of auditor; did you mean {OURS}{near[0]}?"
            )


def is_url(vault: str) -> bool:
    """Return whether a vault is elsewhere, and not in a folder.

    Examples
    --------
    >>> is_url("s3://bucket/audits"), is_url("/srv/vault"), is_url("file:///srv/vault")
    (True, False, False)
    """
    return _URL.match(vault) is not None and not vault.startswith("file://")


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Return where this machine keeps copies of vaults that are elsewhere."""
    given = environment.get(CACHE)
    home = environment.get("XDG_CACHE_HOME") or f"{environment.get('HOME') or '.'}/.cache"
    return Path(given or f"{home}/auditor")


def copies_of(vault_url: str, cache: Path) -> Path:
    """Return the folder of a machine's copies of one vault: the same for the daemon and for workers."""
    return cache / hashlib.sha256(vault_url.rstrip("/").encode()).hexdigest()[:16]
