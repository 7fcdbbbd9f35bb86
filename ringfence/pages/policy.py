"""What a browser may do with a page, and who may show it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

NOTHING = "default-src 'none'; frame-ancestors 'none'"  # for what is no page
HEADERS = {  # of every answer; none of them lets another origin in
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def policy(style: str) -> str:
    """Return the header's policy for a page whose one <style> element holds `style`."""
    return f"{policy_meta(style)}; frame-ancestors 'none'"


def policy_meta(style: str) -> str:
    """Return the same for the content of a <meta>, which cannot say who may frame the page.

    :raises ValueError: if a browser would read another style than this, and so refuse it.
    """
    if re.search(r"[\r\0]|</style", style, re.IGNORECASE):
        raise ValueError("a style has no carriage return, no NUL and no </style")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
