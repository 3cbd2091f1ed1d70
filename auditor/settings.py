"""Where this process runs: the environment, read once into one frozen record."""

from collections.abc import Mapping
from dataclasses import dataclass
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
        ``pool`` (worker processes) or ``inline`` (this process; for debugging a trainer).
    """

    database_url: str = DEFAULT_DATABASE
    vault: Path = Path("vault")
    reports: Path = Path("reports")
    schedules: Path = Path("schedules")
    executor: str = "pool"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings that ``AUDITOR_*`` variables ask for; empty ones count as absent."""
        return cls(
            database_url=environment.get("AUDITOR_DATABASE_URL") or DEFAULT_DATABASE,
            vault=Path(environment.get("AUDITOR_VAULT") or "vault"),
            reports=Path(environment.get("AUDITOR_REPORTS") or "reports"),
            schedules=Path(environment.get("AUDITOR_SCHEDULES") or "schedules"),
            executor=environment.get("AUDITOR_EXECUTOR") or "pool",
        )

    def within(self, folder: Path) -> "Settings":
        """Return the default places, inside another folder."""
        return Settings(
            database_url=f"sqlite:///{(folder / 'auditor.db').resolve()}",
            vault=folder / "vault",
            reports=folder / "reports",
            schedules=folder / "schedules",
            executor=self.executor,
        )
