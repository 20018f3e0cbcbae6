"""What goes over the wire: headers that keep a page safe, compression, long-lived static files."""

from __future__ import annotations

import gzip
from functools import lru_cache
from hashlib import sha256
from typing import Any

import brotli
from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
"""No inline script, no inline style, nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

SMALLEST = 600
"""Bytes; less is not worth compressing."""
_KINDS = ("text/", "application/json", "application/javascript", "image/svg")


def init_app(app: Flask) -> None:
    """Give every response its headers, compress what shrinks, and name static files by their content."""
    app.after_request(_finish)
    app.url_defaults(lambda endpoint, values: _versioned(app, endpoint, values))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 0


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if _is_static(request.endpoint) and request.args.get("v"):
        response.cache_control.max_age = 31536000
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    elif not _is_static(request.endpoint):
        response.headers.setdefault("Cache-Control", "no-store")
    return _compressed(response)


def _is_static(endpoint: str | None) -> bool:
    return bool(endpoint) and str(endpoint).endswith("static")


def _compressed(response: Response) -> Response:
    if (
        response.status_code != 200
        or not (response.mimetype or "").startswith(_KINDS)
        or "Content-Encoding" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    accepted = request.accept_encodings
    encoding = "br" if accepted["br"] else "gzip" if accepted["gzip"] else ""
    if not encoding:
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) < SMALLEST:
        return response
    pack = _pack_once if _is_static(request.endpoint) else _pack
    response.set_data(pack(encoding, plain))
    response.headers["Content-Encoding"] = encoding
    if (etag := response.get_etag()[0]) is not None:
        response.set_etag(f"{etag}-{encoding}")
    return response


def _pack(encoding: str, plain: bytes) -> bytes:
    """Quickly: a page is packed each time it is sent."""
    return brotli.compress(plain, quality=4) if encoding == "br" else gzip.compress(plain, 4)


@lru_cache(maxsize=128)
def _pack_once(encoding: str, plain: bytes) -> bytes:
    """As small as can be: a static file is packed once."""
    return brotli.compress(plain, quality=11) if encoding == "br" else gzip.compress(plain, 9)


def _versioned(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    """Name the content in the address of a static file, so that it may be kept for a year."""
    if _is_static(endpoint) and "filename" in values:
        name, _dot, _static = endpoint.rpartition(".")
        owner = app.blueprints[name] if name else app
        if owner.static_folder:
            values["v"] = _content(f"{owner.static_folder}/{values['filename']}", app.debug)


@lru_cache(maxsize=256)
def _content(file: str, _debug: bool) -> str | None:
    try:
        with open(file, "rb") as content:  # noqa: PTH123 - a path as text
            return sha256(content.read()).hexdigest()[:12]
    except OSError:
        return None
