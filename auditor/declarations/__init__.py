"""Schedules: TOML files to plans, with all mistakes of a file reported at once.

TOML rather than YAML, which reads ``1e-4`` as text. ``forms`` says what a file may hold,
``crosschecks`` how its tables must agree, ``parsing`` turns one text into a plan, and
``folder`` finds the files.
"""

from auditor.declarations.folder import find_plan, load_plan, load_plans, read_schedule, schedule_files
from auditor.declarations.parsing import name_problem, parse_plan

__all__ = [
    "find_plan",
    "load_plan",
    "load_plans",
    "name_problem",
    "parse_plan",
    "read_schedule",
    "schedule_files",
]
