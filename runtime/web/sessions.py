"""The session's cookie is renewed by pages, not by what a page asks for while it stands."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class PageSessions(SecureCookieSessionInterface):
    """Sessions of which only a page renews the cookie, and any answer that has changed them.

    Flask renews the cookie of a lasting session with every answer. An answer that a script had asked for, and that
    comes after a page's, would put the older session back: what the page had to tell (a flashed message) would be
    gone, and somebody who has signed out would be signed in again.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this answer carries the cookie; browsers that say nothing of the request ask for pages."""
        page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        page = page and "HX-Request" not in request.headers
        return session.modified or (page and super().should_set_cookie(app, session))


def init_app(app: Flask) -> None:
    """Let this application keep its sessions so."""
    app.session_interface = PageSessions()
