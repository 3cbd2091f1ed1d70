"""Where production and fresh rows are read from, and what they run on.

``production`` reads settings, ``rows`` reads data, ``fingerprint`` the machine and the code;
``local`` offers them as one port. User code among them runs where ``call`` runs it: in a worker.
"""

from auditor.sources.local import LocalSources

__all__ = ["LocalSources"]
