"""What an address says by its spelling alone: a function, a file, a database; and its secrets.

An address is the ``source`` of a schedule's data or the ``from`` of its production. Nothing here
opens one. Passwords and tokens in an address are for the one who connects and for nobody else:
whatever is shown, logged or kept goes through :func:`without_secrets` first.
"""

import re

_FUNCTION = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9_.+-]*)://")
_USER_AND_PASSWORD = re.compile(r"://[^\s\"'/@:]*:[^\"'\n]*@")
_USER_ALONE = re.compile(r"://[^\s\"'/@:?#]+@")
_SECRET_PARAMETER = re.compile(
    r"([?&;][^=&;\s\"']*(?:password|passwd|pwd|token|secret|signature|sig|key|credential|odbc_connect)"
    r"[^=&;\s\"']*=)[^&;\"'\n]*",
    re.IGNORECASE,
)


def is_function(address: str) -> bool:
    """Return whether an address is spelt ``package.module:function``.

    Examples
    --------
    >>> is_function("shop.churn:fresh_rows"), is_function("sqlite:///shop.db"), is_function("rows.csv")
    (True, False, False)
    """
    return _FUNCTION.fullmatch(address) is not None


def scheme_of(address: str) -> str | None:
    """Return what stands before ``://``, in lower case, or None.

    Examples
    --------
    >>> scheme_of("postgresql+psycopg://host/shop"), scheme_of("data/flights.parquet")
    ('postgresql+psycopg', None)
    """
    found = _SCHEME.match(address)
    return found.group(1).lower() if found else None


def without_secrets(text: str) -> str:
    """Return a text with the credentials of every URL in it put out of sight.

    Hidden are whatever stands before the ``@`` of a URL and the values of parameters that are
    named like a password, a token, a key or a signature. When in doubt it hides too much: a
    password may itself hold an ``@``.

    Examples
    --------
    >>> without_secrets("postgresql://ann:s3cret@db/shop?sslmode=require&sslpassword=x")
    'postgresql://***@db/shop?sslmode=require&sslpassword=***'
    >>> without_secrets("https://example.org:8080/rows.csv")
    'https://example.org:8080/rows.csv'
    """
    for pattern in (_USER_AND_PASSWORD, _USER_ALONE):
        text = pattern.sub("://***@", text)
    return _SECRET_PARAMETER.sub(r"\1***", text)
