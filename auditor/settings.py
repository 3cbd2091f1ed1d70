"""Where this process runs: the environment, read once into one frozen record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

DEFAULT_DATABASE = "sqlite:///auditor.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are kept; every default works on a laptop, in the current folder.

    Attributes
    ----------
    database_url
        SQLAlchemy URL of the ledger.
    vault, reports, schedules
        Folders.
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
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings that ``AUDITOR_*`` variables ask for; empty ones count as absent."""
        return cls(
            database_url=environment.get("AUDITOR_DATABASE_URL") or DEFAULT_DATABASE,
            vault=Path(environment.get("AUDITOR_VAULT") or "vault"),
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
            reports=folder / "reports",
            schedules=folder / "schedules",
        )
