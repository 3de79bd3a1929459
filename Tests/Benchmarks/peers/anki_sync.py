#!/usr/bin/env python3
"""Anki's own sync, up and down: so many reviews of as many cards, over loopback, unsigned.

    python3 -m venv .build/peers/anki && .build/peers/anki/bin/pip install anki
    .build/peers/anki/bin/python Tests/Benchmarks/peers/anki_sync.py [REVIEWS]

A review is a row of its log and its card's next date, as when a person answers. Made in bulk; the
sync is Anki's, its client and its server in processes of their own.
"""
import os
import socket
import subprocess
import sys
import tempfile
import time

from anki.collection import Collection

REVIEWS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(folder, port):
    server = subprocess.Popen(
        [sys.executable, "-m", "anki.syncserver"],
        env=os.environ | {"SYNC_USER1": "ana:secret", "SYNC_BASE": folder, "SYNC_HOST": "127.0.0.1",
                          "SYNC_PORT": str(port), "RUST_LOG": "error"},
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return server
        except OSError:
            assert server.poll() is None, "the server does not start"
            time.sleep(0.05)


def fill(collection):
    """As many cards as there will be reviews."""
    kind = collection.models.by_name("Basic")
    note = collection.new_note(kind)
    note["Front"], note["Back"] = "front", "back"
    collection.add_note(note, 1)
    card = note.card_ids()[0]
    copy = ("INSERT INTO notes SELECT id + ?, guid || ?, mid, mod, usn, tags, flds, sfld, csum, "
            "flags, data FROM notes WHERE id = ?")
    collection.db.executemany(copy, [(n, str(n), note.id) for n in range(1, REVIEWS)])
    collection.db.executemany(
        "INSERT INTO cards SELECT id + ?, nid + ?, did, ord, mod, usn, type, queue, due, ivl, factor, "
        "reps, lapses, left, odue, odid, flags, data FROM cards WHERE id = ?",
        [(n, n, card) for n in range(1, REVIEWS)],
    )


def review(collection):
    """One of each card, which nobody else has yet."""
    now = int(time.time())
    collection.db.execute("UPDATE cards SET usn = -1, mod = ?, reps = reps + 1, type = 2, queue = 2, "
                          "ivl = 1, factor = 2500", now)
    collection.db.execute(
        "INSERT INTO revlog SELECT ? + row_number() OVER (ORDER BY id), id, -1, 3, 1, 0, 2500, 4000, 1 "
        "FROM cards", now * 1000)
    collection.db.execute("UPDATE col SET mod = ?", now * 1000)


def synced(collection, access):
    began = time.monotonic()
    answer = collection.sync_collection(access, False)
    return time.monotonic() - began, answer


def main():
    with tempfile.TemporaryDirectory(prefix="countersign-anki-") as folder:
        port = free_port()
        server = serve(folder, port)
        try:
            first = Collection(f"{folder}/first.anki2")
            fill(first)
            access = first.sync_login("ana", "secret", f"http://127.0.0.1:{port}/")
            _, answer = synced(first, access)
            first.close_for_full_sync()
            first.full_upload_or_download(auth=access, server_usn=None, upload=True)
            first.reopen(after_full_sync=True)
            second = Collection(f"{folder}/second.anki2")
            synced(second, access)
            second.close_for_full_sync()
            second.full_upload_or_download(auth=access, server_usn=None, upload=False)
            second.reopen(after_full_sync=True)
            time.sleep(1.1)  # Anki tells by seconds what is newer.
            review(first)
            up, answer = synced(first, access)
            assert answer.required == answer.NO_CHANGES, answer
            down, answer = synced(second, access)
            assert answer.required == answer.NO_CHANGES, answer
            held = second.db.scalar("SELECT count(*) FROM revlog")
            assert held == REVIEWS, (held, REVIEWS)
            nothing = sorted(synced(first, access)[0] for _ in range(20))[10]
            print(f"Anki {REVIEWS} reviews: up {REVIEWS / up:,.0f} reviews/s, "
                  f"down {REVIEWS / down:,.0f} reviews/s, no-op {nothing * 1000:.1f} ms")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
