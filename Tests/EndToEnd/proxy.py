"""A line to the hub that spoils what goes over it, as bad networks and half-broken proxies do.

Whole requests and replies pass through; a *fault* says what becomes of them. One fault is taken for
each request, from whatever `Proxy.faults` yields; when it ends, everything passes.
"""
import contextlib
import http.client
import http.server
import random
import socket
import threading
import time

PAGE = b"<html><body>Welcome! Please sign in.</body></html>"


class Passed:
    """One request on its way: what the client sent, and how to ask the hub for its reply."""

    def __init__(self, handler, body, hub_port):
        self.handler, self.body, self.hub_port = handler, body, hub_port

    def ask(self, body=None):
        """What the hub answers: status, headers, bytes. None if it cannot be reached."""
        connection = http.client.HTTPConnection("127.0.0.1", self.hub_port, timeout=120)
        headers = {name: value for name, value in self.handler.headers.items()
                   if name.lower() not in ("host", "content-length", "connection")}
        try:
            connection.request(
                self.handler.command, self.handler.path, self.body if body is None else body, headers
            )
            reply = connection.getresponse()
            return reply.status, reply.getheaders(), reply.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def reply(self, status, headers, body, send=None):
        """Answers with a whole head; `send` writes the body in its own way."""
        handler = self.handler
        handler.send_response_only(status)
        for name, value in headers:
            if name.lower() in ("content-type", "retry-after"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        with contextlib.suppress(OSError):
            (send or handler.wfile.write)(body)
        handler.close_connection = True

    def hang_up(self):
        """Closes the line without a word more."""
        with contextlib.suppress(OSError):
            self.handler.connection.shutdown(socket.SHUT_RDWR)
        self.handler.close_connection = True


# Faults: each takes a request, and answers it or does not. `draw` is where its chance comes from.

def whole(passed, draw):
    """Everything passes."""
    answer = passed.ask()
    passed.reply(*answer) if answer else passed.hang_up()


def drop_request(passed, draw):
    """The hub never hears of it."""
    passed.hang_up()


def drop_reply(passed, draw):
    """The hub has done it, and nobody hears."""
    passed.ask()
    passed.hang_up()


def delay(passed, draw):
    time.sleep(draw.uniform(0.1, 0.6))
    whole(passed, draw)


def cut_reply(passed, draw):
    """The reply ends at any byte."""
    answer = passed.ask()
    if not answer:
        return passed.hang_up()
    status, headers, body = answer
    kept = body[:draw.randrange(len(body) + 1)]
    passed.reply(status, headers, body, lambda body: passed.handler.wfile.write(kept))
    passed.hang_up()


def shorten_reply(passed, draw):
    """A reply that is cut, and said to be whole."""
    answer = passed.ask()
    if not answer:
        return passed.hang_up()
    status, headers, body = answer
    passed.reply(status, headers, body[:draw.randrange(len(body))])


def flipped(body, draw):
    """Three bits are turned: one alone may be of no use to zstd, and then changes nothing."""
    body = bytearray(body)
    for _ in range(3):
        body[draw.randrange(len(body))] ^= 1 << draw.randrange(8)
    return bytes(body)


def flip_reply(passed, draw):
    answer = passed.ask()
    if not answer:
        return passed.hang_up()
    status, headers, body = answer
    passed.reply(status, headers, flipped(body, draw))


def flip_request(passed, draw):
    answer = passed.ask(flipped(passed.body, draw))
    passed.reply(*answer) if answer else passed.hang_up()


def twice(passed, draw):
    """The request reaches the hub twice; the second answer is what comes back."""
    passed.ask()
    whole(passed, draw)


def twice_first(passed, draw):
    """The request reaches the hub twice; the first answer is what comes back."""
    answer = passed.ask()
    passed.ask()
    passed.reply(*answer) if answer else passed.hang_up()


def sign_in_page(passed, draw):
    passed.reply(200, [("Content-Type", "text/html")], PAGE)


def stripped(passed, draw):
    """A proxy that takes away the media type."""
    answer = passed.ask()
    if not answer:
        return passed.hang_up()
    status, _, body = answer
    passed.reply(status, [("Content-Type", "text/plain")], body)


def drip(passed, draw):
    """A reply that comes a few bytes at a time, for a second or so, and then whole."""
    answer = passed.ask()
    if not answer:
        return passed.hang_up()
    status, headers, body = answer

    def slowly(body):
        for place in range(0, min(len(body), 400), 8):
            passed.handler.wfile.write(body[place:place + 8])
            time.sleep(0.02)
        passed.handler.wfile.write(body[400:])

    passed.reply(status, headers, body, slowly)


def status(code, retry_after=None, problem=False):
    """What stands between answers in its own words; with `problem`, in those of a hub."""

    def fault(passed, draw):
        kind, body = "text/html", b"<html>%d</html>" % code
        if problem:
            kind = "application/problem+json"
            body = b'{"code": "said%d", "detail": "a hub says %d", "retryable": false}' % (code, code)
        headers = [("Content-Type", kind)]
        if retry_after is not None:
            headers.append(("Retry-After", str(retry_after)))
        passed.reply(code, headers, body)

    fault.__name__ = f"{'problem' if problem else 'status'}_{code}"
    return fault


def smaller_than(limit):
    """A proxy that takes no larger request, as some do by default."""

    def fault(passed, draw):
        (whole if len(passed.body) <= limit else status(413))(passed, draw)

    return fault


STATUSES = (408, 413, 426, 429, 500, 502, 503, 504, 507)
FAULTS = [
    drop_request, drop_reply, delay, cut_reply, shorten_reply, flip_reply, flip_request, twice,
    twice_first, sign_in_page, stripped, drip, *map(status, STATUSES),
]


class Done(list):
    """The names of the faults that were done; `sizes` are those of the requests."""


@contextlib.contextmanager
def spoiled(port, hub_port, faults, seed=1):
    """Listens on `port` for a hub on `hub_port`; what it did."""
    draw = random.Random(seed)
    turns, lock, done, sizes = iter(faults), threading.Lock(), Done(), []
    done.sizes = sizes

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                fault = next(turns, whole)
                chance = random.Random(draw.random())
                done.append(fault.__name__)
                sizes.append(len(body))
            with contextlib.suppress(OSError):
                fault(Passed(self, body, hub_port), chance)

        do_GET = do_POST

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        allow_reuse_address = True
        daemon_threads = True

    server = Server(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield done
    finally:
        server.shutdown()
        server.server_close()
