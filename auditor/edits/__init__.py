"""Settings changed where they are written down, and nothing else touched.

A change replaces the characters of one value: comments, layout, key order, quotes and line ends stay as
they are. After each edit the new text is read again, and must differ from the old one in exactly the
settings that were to change; otherwise nothing is written.
"""

from auditor.edits.documents import edited

__all__ = ["edited"]
