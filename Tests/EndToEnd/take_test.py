"""A trip: what is taken along fits the time, and its files are here."""
import json

from attachments_test import blob, case as refund
from world import world


def test_a_trip_takes_what_fits_the_time_with_its_files():
    with world(5) as here:
        folder = here.folder / "cases"
        folder.mkdir()
        picture = b"\x03" * 700
        (folder / "picture").write_bytes(picture)
        (folder / "cases.jsonl").write_text(json.dumps(refund(1, [{"path": "picture"}])) + "\n")
        here.hub("intake", folder / "cases.jsonl")
        here.serve()
        trip = here.node("ana", "take", 500, "--hours", 1, "--json").json
        # Nobody knows her pace yet: 5 minutes a case.
        assert trip["paceIsGuess"] and trip["millisecondsPerCase"] == 300_000, trip
        assert len(trip["cases"]) == 12 < trip["waiting"], trip
        everything = here.node("ana", "take", 500, "--hours", 100, "--json").json
        assert len(everything["cases"]) == everything["waiting"], everything
        assert "refunds/A-1" in everything["cases"] and everything["attachmentsMissing"] == 0
        assert blob(here.home("ana"), picture).read_bytes() == picture
        few = here.node("ana", "take", 2, "--hours", 8)
        assert "2 of" in few.out and "all is here" in few.out, few
        here.node("ana", "take", 0, "--hours", 8, code=64)
        here.stop()
        here.node("ana", "take", 2, "--hours", 8, code=75)
