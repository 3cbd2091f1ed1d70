"""The web side: the reports, an API for programs, figures for Prometheus, and how things are.

Anybody who reaches the address may read; only who has the token may ask for an audit. By default the
address is this machine's own.
"""
