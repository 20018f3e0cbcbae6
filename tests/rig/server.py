"""A WSGI application behind a real socket, for tests that drive a browser or a second client."""

import contextvars
import threading

import pytest
from werkzeug.serving import make_server


@pytest.fixture
def serve():
    """`serve(app, close)` answers on a free loopback port until the test ends, and returns its address.

    `close` is called when the last request is answered: a connection that is still in use when its
    database is closed would be left open.
    """
    started = []
    waiting = threading.Condition()
    busy = [0]

    def count(change: int) -> None:
        with waiting:
            busy[0] += change
            waiting.notify_all()

    def start(app, close=lambda: None) -> str:
        # Requests see the test's context (a fixed clock, say), not that of a new thread.
        context = contextvars.copy_context()

        def in_context(environ, start_response):
            count(+1)
            try:
                return context.copy().run(app, environ, start_response)
            finally:
                count(-1)

        server = make_server("127.0.0.1", 0, in_context, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        started.append((server, thread, close))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread, close in started:
        server.shutdown()
        thread.join()
        server.server_close()
        with waiting:
            assert waiting.wait_for(lambda: busy[0] == 0, timeout=10), "a request never ended"
        close()
