"""Syncs that are carried by hand: two nodes, one of which never has a network again."""
import base64
import json
import os
import shutil
import stat

from world import SAMPLES, gold, world


def decide(here, person, numbers, label=None):
    """Decides these tickets and returns the names of the entries."""
    rows = list(gold().items())
    lines = [
        json.dumps({"case": rows[number][0], "label": label or rows[number][1]["gold"],
                    "key": f"{person}-{number}"})
        for number in numbers
    ]
    return [row["uid"] for row in here.node(person, "decide", "--json", "-",
                                            stdin="\n".join(lines) + "\n").rows]


def uids_at(here):
    return {row["uid"] for row in here.hub("export", "log", "--json").rows}


def device(here, person):
    return here.node(person, "status", "--json").json["device"]


def up(here, person, name="up"):
    """Exports a bundle of a person's node, and returns its file."""
    file = here.folder / f"{person}.{name}"
    here.node(person, "bundle", "export", file)
    return file


def down(here, person, name="down"):
    """Exports a bundle of the hub for a person's node, and returns its file."""
    file = here.folder / f"{person}.{name}"
    here.hub("bundle", "export", file, "--for", device(here, person))
    return file


def exchange(here, person):
    """A stick that goes to the hub and comes back."""
    here.hub("bundle", "import", up(here, person))
    return here.node(person, "bundle", "import", down(here, person), "--json").json


def outbox(here, person):
    return here.node(person, "status", "--json").json["outbox"]["entries"]


def test_verdicts_go_up_and_receipts_come_back_by_stick():
    with world() as here:
        made = decide(here, "ana", range(0, 5))
        other = decide(here, "ben", range(0, 5), label="age_limit")
        file = up(here, "ana")
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        assert b"ana" not in file.read_bytes()[300:], "what is in it can be read"
        waiting = here.node("ana", "bundle", "status", "--json").rows
        assert [row["entries"] for row in waiting] == [5], waiting
        assert outbox(here, "ana") == 5, "an export is no receipt"

        taken = here.hub("bundle", "import", file, "--json").json
        assert taken["entries"] == 5 and taken["known"] == 0, taken
        here.serve()  # ben has a network, and ana does not.
        here.sync("ben")
        here.stop()
        assert set(made + other) <= uids_at(here)

        result = here.node("ana", "bundle", "import", down(here, "ana"), "--json").json
        assert result["up"]["entries"] == 5 and result["outbox"] == 0, result
        assert result["result"] == "caughtUp", result
        assert here.node("ana", "bundle", "status", "--json").rows == []
        states = {row["state"] for row in here.hub("outcomes", "--json").rows}
        assert "disputed" in states, states
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")


def test_new_cases_come_by_stick_and_the_hub_may_be_off():
    with world() as here:
        before = {row["case"] for row in here.node("ana", "list", "--all", "--json").rows}
        lines = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[60:80]
        here.hub("intake", "-", stdin="\n".join(lines) + "\n")
        exchange(here, "ana")
        exchange(here, "ben")
        after = {row["case"] for row in here.node("ana", "list", "--all", "--json").rows}
        after |= {row["case"] for row in here.node("ben", "list", "--all", "--json").rows}
        assert after - before, "no new case came"


def test_bundles_do_no_harm_twice_late_and_out_of_order():
    with world() as here:
        first = decide(here, "ana", range(0, 3))
        one = up(here, "ana", "up1")
        second = decide(here, "ana", range(3, 6))
        two = up(here, "ana", "up2")
        here.hub("bundle", "import", two)
        early = down(here, "ana", "down1")
        again = here.hub("bundle", "import", one, "--json").json
        assert again["known"] == again["entries"] == 3, again
        here.hub("bundle", "import", two)
        late = down(here, "ana", "down2")
        here.node("ana", "bundle", "import", late)
        status = here.node("ana", "status", "--json").json
        for file in (early, late, early, late):
            here.node("ana", "bundle", "import", file)
            now = here.node("ana", "status", "--json").json
            for field in ("outbox", "assigned", "decided", "epoch", "hubEpoch", "pending"):
                assert now[field] == status[field], (field, now, status)
        assert status["outbox"]["entries"] == 0, status
        assert here.node("ana", "bundle", "status", "--json").rows == []
        log = [row["uid"] for row in here.hub("export", "log", "--json").rows]
        assert len(log) == len(set(log)) and set(first + second) <= set(log)
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")
        here.serve()  # And a network finds nothing left to do.
        assert here.sync("ana")[0]["up"]["entries"] == 0


def test_a_bundle_is_for_one_hub_and_one_device_and_whole():
    with world() as here:
        decide(here, "ana", range(0, 3))
        file = up(here, "ana")
        here.hub("bundle", "import", file)
        answer = down(here, "ana")

        failed = here.node("ben", "bundle", "import", answer, "--json", code=77)
        assert failed.error["code"] == "otherBundle", failed
        failed = here.node("ana", "bundle", "import", file, "--json", code=77)
        assert failed.error["code"] == "otherBundle", failed
        failed = here.hub("bundle", "import", answer, "--json", code=77)
        assert failed.error["code"] == "otherHub", failed
        here.hub("init", "--data", here.folder / "other")
        here.hub("bundle", "import", file, "--data", here.folder / "other", code=77)
        here.hub("bundle", "export", here.folder / "x", "--for", "d00", code=66)
        here.node("ana", "bundle", "import", here.folder / "nowhere", code=66)
        here.hub("bundle", "import", here.folder / "nowhere", code=66)
        here.node("ana", "bundle", "export", here.folder / "no" / "such" / "place", code=73)

        damaged = here.folder / "damaged"
        for source, take in ((file, here.hub), (answer, lambda *a, **o: here.node("ana", *a, **o))):
            bytes_ = source.read_bytes()
            for change in (
                bytes_[:-1], bytes_[: len(bytes_) // 2], bytes_[:200], b"", bytes_ + b"x",
                bytes_[:-40] + bytes([bytes_[-40] ^ 1]) + bytes_[-39:],
            ):
                damaged.write_bytes(change)
                failed = take("bundle", "import", damaged, "--json", code=65)
                assert failed.error["code"] in ("badBundle", "notABundle"), failed
        assert outbox(here, "ana") == 3, "something of a damaged bundle was applied"
        here.node("ana", "bundle", "import", answer)
        assert outbox(here, "ana") == 0


def test_bundles_bring_back_what_a_restored_hub_lost():
    with world() as here:
        here.hub("backup", here.folder / "backup")
        exchange(here, "ana")
        lost = decide(here, "ana", range(0, 4))
        exchange(here, "ana")
        old = here.folder / "ana.down"
        shutil.copy(old, here.folder / "ana.old")
        assert outbox(here, "ana") == 0
        case = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[70]
        here.hub("intake", "-", stdin=case + "\n")
        exchange(here, "ana")
        held = {row["case"] for row in here.node("ana", "list", "--all", "--json").rows}

        shutil.rmtree(here.folder / "hub")
        here.hub("restore", here.folder / "backup")
        for _ in range(3):
            exchange(here, "ana")
        assert set(lost) <= uids_at(here), "a receipted verdict did not come back"
        assert held <= {row["case"] for row in here.hub("cases", "--json").rows}
        assert outbox(here, "ana") == 0
        # One from before the restore is no news any more.
        late = here.node("ana", "bundle", "import", here.folder / "ana.old", "--json").json
        assert late["result"] == "outdated", late
        assert here.node("ana", "status", "--json").json["hubEpoch"].startswith("2.")
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")
        awaited = here.hub("recover", "end", "--by", "olga", "--because", "leave", "--json").json
        assert device(here, "ana") not in awaited["awaited"], awaited


def test_a_bundle_goes_through_a_pipe():
    with world() as here:
        decide(here, "ana", range(0, 2))
        made = here.start_node("ana", "bundle", "export", "-")
        bundle, notes = made.communicate(timeout=60)
        assert made.returncode == 0 and b"2 entries" in notes, notes
        here.hub("bundle", "import", "-", stdin=bundle)
        answer = here.start("countersign-hub", "bundle", "export", "-", "--for", device(here, "ana"))
        bundle, notes = answer.communicate(timeout=60)
        assert answer.returncode == 0, notes
        here.node("ana", "bundle", "import", "-", stdin=bundle)
        assert outbox(here, "ana") == 0


def ask(here, person, token, **options):
    """Prints the request of a new machine, and returns what was printed."""
    return here.node(person, "enrol", "--print-request", "--token-file", token,
                     "--name", f"{person}-tablet", **options)


def token_of(here, person, name):
    file = here.folder / name
    file.write_text(here.hub("reviewer", "token", person, "--json").json["token"])
    return file


def test_a_machine_without_any_network_is_let_in_by_stick():
    with world() as here:
        token = token_of(here, "ana", "token")
        asked = ask(here, "cai", token)
        assert ask(here, "cai", token).out == asked.out, "another key was made"
        answer = here.folder / "cai.answer"
        taken = here.hub("bundle", "import", "-", "--answer", answer, "--json",
                         stdin=asked.out).json
        assert stat.S_IMODE(os.stat(answer).st_mode) == 0o600
        assert here.hub("bundle", "import", "-", "--json", stdin=asked.out).json == taken
        here.hub("bundle", "export", answer, "--for", taken["device"])
        joined = here.node("cai", "enrol", "--accept", answer, "--json").json
        assert joined["reviewer"] == "ana" and joined["device"] == taken["device"], joined
        here.node("cai", "bundle", "import", answer)  # Once more, by its other name.

        listed = here.node("cai", "list", "--json").rows
        assert listed, "no case came with the answer"
        made = here.node("cai", "decide", "--json", "-", stdin=json.dumps(
            {"case": listed[0]["case"], "label": gold()[listed[0]["case"]]["gold"]}) + "\n").json
        assert exchange(here, "cai")["outbox"] == 0
        assert made["uid"] in uids_at(here)
        assert here.hub("bundle", "import", "-", "--json", stdin=asked.out).json == taken
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("cai", "verify")
        here.serve()  # And a network, once there is one, goes on from there.
        assert here.sync("cai")[0]["up"]["entries"] == 0


def test_a_request_lets_one_machine_in_and_gives_no_token_away():
    with world() as here:
        token = token_of(here, "ana", "token")
        asked = ask(here, "cai", token)
        told = json.loads(base64.urlsafe_b64decode(token.read_text()[4:] + "=="))
        assert told["secret"] not in asked.out and '"secret"' not in asked.out
        before = here.hub("device", "list", "--json").rows

        def refused(request, code):
            failed = here.hub("bundle", "import", "-", "--answer", here.folder / "no", "--json",
                              stdin=request, code=code)
            assert not (here.folder / "no").exists()
            return failed.error["code"]

        # Damaged on the way: nothing is made of it.
        for request in (asked.out[:-20], asked.out[1:], asked.out.replace("cai", "eve"),
                        json.dumps(json.loads(asked.out) | {"agreement": "AAAA"})):
            refused(request, 65)
        # Stolen: what another machine asks with is refused, and no other token fits its proof.
        other = json.loads(ask(here, "eve", token_of(here, "ben", "ben.new")).out)
        stolen = json.loads(asked.out)
        mixed = other | {"token": stolen["token"], "proof": stolen["proof"]}
        refused(json.dumps(mixed), 65)
        assert here.hub("device", "list", "--json").rows == before

        # One token, one machine: by file, and over a network.
        here.hub("bundle", "import", "-", stdin=asked.out)
        assert refused(ask(here, "dan", token).out, 77) == "tokenUsed"
        here.serve()
        here.node("fay", "enrol", f"http://127.0.0.1:{here.port}", "--token-file", token, code=77)
        assert len(here.hub("device", "list", "--json").rows) == len(before) + 1


def test_an_answer_is_for_the_machine_that_asked_and_whole():
    with world() as here:
        asked = {}
        for person, name in (("cai", "ana"), ("eve", "ben")):
            request = ask(here, person, token_of(here, name, f"{person}.token")).out
            asked[person] = here.folder / f"{person}.answer"
            here.hub("bundle", "import", "-", "--answer", asked[person], stdin=request)

        def refused(person, file, code):
            error = here.node(person, "enrol", "--accept", file, "--json", code=code).error
            assert not list((here.folder / person).glob("replica.sqlite*")), error
            return error["code"]

        assert refused("cai", asked["eve"], 77) == "otherBundle"
        assert refused("dan", asked["cai"], 77) == "noRequest"
        assert refused("cai", here.folder / "nowhere", 66)
        whole = asked["cai"].read_bytes()
        damaged = here.folder / "damaged"
        for change in (whole[:-1], whole[:300], b"", whole + b"x", whole[:-9] + b"123456789"):
            damaged.write_bytes(change)
            refused("cai", damaged, 65)
        here.node("cai", "enrol", "--accept", asked["cai"])
        here.node("eve", "enrol", "--accept", "-", stdin=asked["eve"].read_bytes())
        here.node("cai", "enrol", "--accept", asked["cai"], code=69)
        here.node("cai", "enrol", "--print-request", "--token-file", here.folder / "cai.token",
                  code=69)
        here.node("cai", "enrol", code=64)
        here.node("cai", "verify")
