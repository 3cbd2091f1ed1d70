"""Drafts: a schedule proposed from what is at hand, for its owner to read and change.

``ranges`` knows what common settings are searched over and who says so, ``columns`` what a column is
likely to be, ``looking`` reads a data file for it, ``models`` looks at estimators and artefacts (in a
worker process), and ``writing`` turns a draft into TOML with its reasons as comments.
"""
