"""Audit to page: facts to strings, numbers to SVG, strings to files."""
