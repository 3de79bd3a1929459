"""A line to the hub as a bad network is: late, thin, and broken off. It looks at bytes alone."""
import collections
import contextlib
import socket
import threading
import time


class Link:
    """Listens on `port` for the hub on `hub_port`.

    What goes over it comes `delay` seconds later, at most `rate` bytes a second each way. `cuts`
    tells for each connection after how many bytes downward it breaks; when it ends, none does.
    """

    def __init__(self, port, hub_port, delay=0.0, rate=None, cuts=()):
        self.hub_port, self.delay, self.rate, self.cuts = hub_port, delay, rate, iter(cuts)
        self.up, self.down, self.broken = 0, 0, 0
        self.listener = socket.create_server(("127.0.0.1", port))

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                hub = socket.create_connection(("127.0.0.1", self.hub_port))
                for end in (client, hub):  # What waits in a buffer has not gone over the line.
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                cut = next(self.cuts, None)
                for way in (("up", client, hub, None), ("down", hub, client, cut)):
                    threading.Thread(target=self.carry, args=way, daemon=True).start()

    def carry(self, way, source, target, cut):
        """Carries bytes one way until they end or the line breaks."""
        free_at = 0.0
        for due, data in self.delayed(source):
            due = max(due, free_at)
            time.sleep(max(0, due - time.monotonic()))
            if self.rate:
                free_at = due + len(data) / self.rate
            if cut is not None:
                data, cut = data[:cut], cut - len(data)
            with contextlib.suppress(OSError):
                target.sendall(data)
            setattr(self, way, getattr(self, way) + len(data))
            if cut is not None and cut <= 0:
                self.broken += 1
                for end in (source, target):
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)
                return
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def delayed(self, source):
        """What comes from `source`, each piece with when it may go on."""
        waiting, change = collections.deque(), threading.Condition()

        def take():
            data = b"?"
            while data:
                try:
                    data = source.recv(1400)
                except OSError:
                    data = b""
                with change:
                    change.wait_for(lambda: len(waiting) < 100)
                    waiting.append((time.monotonic() + self.delay, data))
                    change.notify_all()

        threading.Thread(target=take, daemon=True).start()
        while True:
            with change:
                change.wait_for(lambda: waiting)
                due, data = waiting.popleft()
                change.notify_all()
            if not data:
                return
            yield due, data
