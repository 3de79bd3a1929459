"""A device that is revoked (sync.md, row 11) and a reviewer who goes on with another (rows 3, 17)."""
import shutil

from world import gold, world


def decide(here, home, numbers):
    """The true answer to some of the banking tickets; the uids of the verdicts."""
    rows = list(gold().items())
    lines = "".join(
        f'{{"case": "{rows[number][0]}", "label": "{rows[number][1]["gold"]}"}}\n'
        for number in numbers
    )
    return [row["uid"] for row in here.run("countersign", "decide", "--json", home=home, stdin=lines).rows]


def enrol_again(here, person, name):
    """Another machine of the same person."""
    home = here.folder / name
    path = here.folder / f"{name}.token"
    path.write_text(here.hub("reviewer", "token", person, "--json").json["token"])
    here.run(
        "countersign", "enrol", f"http://127.0.0.1:{here.port}", "--token-file", path,
        "--name", name, home=home,
    )
    return home


def statuses(here, case):
    shown = here.hub("case", "show", case, "--json").json
    return {row["uid"]: row["status"] for row in shown["verdicts"]}


def test_a_revoked_device_with_unsynced_work():
    with world() as here:
        here.serve()
        cases = list(gold())
        kept = decide(here, here.home("ana"), range(0, 3))
        here.sync("ana")
        later = decide(here, here.home("ana"), range(3, 6))
        device = here.node("ana", "status", "--json").json["device"]

        said = here.hub("device", "revoke", device, "--because", "lost", "--json").json
        assert (said["device"], said["waiting"], said["reopened"]) == (device, 0, []), said
        listed = {row["device"]: row for row in here.hub("device", "list", "--json").rows}
        assert listed[device]["revoked"] == "lost"
        again = here.hub("device", "revoke", device, "--because", "lost", code=69)
        assert "already" in again.err, again

        # It hands in its work, gets receipts, and nothing else.
        result = here.node("ana", "sync", "--json", code=77)
        assert result.error["code"] == "revoked" and not result.error["retryable"], result
        assert result.json["result"] == "notAllowed" and result.json["outbox"] == 0, result
        status = here.node("ana", "status", "--json").json
        assert status["outbox"]["entries"] == 0 and not status["caughtUp"], status
        assert "no longer trusts" in status["warnings"][0], status
        # Deciding goes on, and what is decided can still be handed in.
        more = decide(here, here.home("ana"), range(6, 7))
        here.node("ana", "sync", code=77)

        status = here.node("ana", "status", "--json").json
        assert (status["pending"], status["quarantined"]) == (4, 0), "said to wait there"

        waiting = [row["uid"] for row in here.hub("quarantine", "list", "--json").rows]
        assert waiting == later + more, (waiting, later, more)
        assert statuses(here, cases[0])[kept[0]] != "quarantined"
        assert statuses(here, cases[3])[later[0]] == "quarantined"
        shown = here.hub("quarantine", "show", later[0], "--json").json
        assert shown["case"] == cases[3] and shown["content"]["label"] == gold()[cases[3]]["gold"]

        who = ("--by", "olga", "--because", "asked ana")
        assert here.hub("quarantine", "accept", later[0], *who, "--json").json["accepted"] == 1
        assert here.hub("quarantine", "reject", later[1], *who, "--json").json["rejected"] == 1
        assert here.hub("quarantine", "accept", later[0], *who, code=66).code == 66
        assert here.hub("quarantine", "accept", "--device", device, *who, "--json").json == {
            "accepted": 2, "because": "asked ana", "by": "olga",
        }
        assert here.hub("quarantine", "list").out == ""
        here.node("ana", "sync", code=77)
        status = here.node("ana", "status", "--json").json
        assert (status["pending"], status["quarantined"]) == (0, 1), "what became of it"
        assert statuses(here, cases[3])[later[0]] != "quarantined"
        assert statuses(here, cases[4])[later[1]] == "quarantined"
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")


def test_sealed_outcomes_that_rest_on_it_are_reopened():
    with world() as here:
        here.serve()
        case = list(gold())[0]
        ana = decide(here, here.home("ana"), [0])[0]
        ben = decide(here, here.home("ben"), [0])[0]
        here.sync("ana", "ben")
        outcome = here.hub("case", "show", case, "--json").json["outcome"]
        assert outcome["state"] == "decided", outcome
        here.hub("claim", case)

        device = here.node("ana", "status", "--json").json["device"]
        said = here.hub(
            "device", "revoke", device, "--because", "compromised", "--last-good", 1, "--json"
        ).json
        assert said["reopened"] == [case] and said["waiting"] == 1, said
        after = here.hub("case", "show", case, "--json").json
        assert after["outcome"]["state"] == "waiting", after["outcome"]
        assert statuses(here, case) == {ana: "quarantined", ben: "counted"}
        kinds = [row["kind"] for row in here.hub("events", "--json").rows]
        assert "case.reopened" in kinds, kinds
        # Whoever saw both sides hears of it, and gets to the same outcome by themselves.
        here.sync("ben")
        mine = [row for row in here.node("ben", "history", case, "--json").rows]
        assert [row["outcome"]["state"] for row in mine] == ["waiting"], mine
        assert here.hub("verify", "--json").json["failures"] == []
        assert "recovering" not in here.hub("reopen", case, "--because", "again", code=69).err


def test_a_reviewer_goes_on_with_another_machine():
    with world() as here:
        here.serve()
        first = decide(here, here.home("ana"), range(0, 3))
        here.sync("ana")
        shutil.rmtree(here.home("ana"))  # Destroyed; all of it was synced.

        home = enrol_again(here, "ana", "ana-second")
        rows = here.run("countersign", "history", "--json", home=home).rows
        assert [row["uid"] for row in rows] == first, "their history is back"
        assert all(row["receipt"] for row in rows)
        cases = list(gold())
        listed = [row["case"] for row in here.run("countersign", "list", "--json", home=home).rows]
        assert not set(cases[:3]) & set(listed), "what is answered is not asked again"

        # The two heads of one person count once; the second machine names the first's verdict.
        changed = here.run(
            "countersign", "answer", cases[0], "age_limit", "--json", home=home
        ).json["uid"]
        here.run("countersign", "sync", home=home)
        assert statuses(here, cases[0]) == {first[0]: "superseded", changed: "counted"}
        assert here.hub("verify", "--json").json["failures"] == []
        here.run("countersign", "verify", home=home)
