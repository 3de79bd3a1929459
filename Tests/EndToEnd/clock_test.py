"""A clock that is wrong, by hours or decades, forwards or backwards (sync.md, row 9)."""
import json
import shutil

from agreement import in_agreement
from continuity_test import decide
from world import Skipped, gold, world


def test_row_9_a_wrong_clock_is_told_and_blocks_nothing():
    if not shutil.which("faketime"):
        raise Skipped("there is no faketime here (Debian: faketime)")
    with world() as here:
        here.serve()
        uids, cases = set(decide(here, "ana", [0])), list(gold())
        here.sync("ana")

        def at(shift, *command, stdin="", code=0):
            return here.run("faketime", "-f", shift, "countersign", *command,
                            home=here.home("ana"), stdin=stdin, code=code)

        for number, shift in enumerate(("+3h", "-3h", "+30y", "-30y", "+1d"), 1):
            line = json.dumps({"case": cases[number], "label": gold()[cases[number]]["gold"]}) + "\n"
            uids.add(at(shift, "decide", stdin=line).json["uid"])
            for command in ("list", "next", "history", "verify"):
                at(shift, command)
            result = at(shift, "sync", "--json").json
            assert result["result"] == "caughtUp" and not result["newEpoch"], (shift, result)
            status = at(shift, "status", "--json").json
            assert abs(status["clockOffsetMs"]) > 3_000_000, status
            assert any("clock" in warning for warning in status["warnings"]), status
            seqs = [row["seq"] for row in at(shift, "history", "--json").rows]
            assert len(seqs) == number + 1, seqs
        uid = at("-50y", "undo", "--json").json["uid"]
        uids.add(uid)
        in_agreement(here, ("ana", "ben", "sam"), uids)
        status = here.node("ana", "status", "--json").json
        assert abs(status["clockOffsetMs"]) < 60_000 and not status["warnings"], status
