"""With the hub gone, and with something else in its place."""
from world import portal, verdicts, world


def test_every_command_of_a_reviewer_works_with_the_hub_gone():
    with world() as here:
        case = "banking/B-00000"
        for command in (
            ["status"], ["list"], ["list", "--due"], ["list", "--workflow", "banking"], ["next"],
            ["show", case], ["why", case], ["answer", case, "card_arrival"], ["undo", case],
            ["abstain", case, "--because", "pass"], ["history"], ["history", case], ["conflicts"],
            ["verify"], ["calibration"],
        ):
            here.node("ana", *command)
            if command[0] not in ("answer", "undo", "abstain"):
                here.node("ana", *command, "--json")
        here.node("ana", "review", stdin="banking/B-00043 card_arrival\nq\n")
        here.node("ana", "decide", stdin=verdicts("ana", 5), code=None)
        assert here.sync("ana", code=75)[0]["result"] == "offline"
        status = here.node("ana", "status", "--json").json
        assert status["outbox"]["entries"] > 0 and status["outbox"]["oldestAt"], status
        here.serve()
        assert here.sync("ana")[0]["result"] == "caughtUp"
        assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 0


def test_a_sign_in_page_in_the_place_of_the_hub_is_told_and_nothing_is_applied():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 10))
        before = here.node("ana", "status", "--json").json
        with portal(here.port):
            result = here.node("ana", "sync", "--json", code=75)
            assert result.json["result"] == "offline", result
            assert result.json["down"]["rows"] == 0, result
            text = here.node("ana", "sync", code=75)
            assert "sign-in" in text.out + text.err, text
        after = here.node("ana", "status", "--json").json
        for key in ("assigned", "decided", "outbox", "lastSyncAt", "caughtUpAsOf"):
            assert before[key] == after[key], (key, before, after)
        here.node("ana", "verify")


def test_nonsense_in_the_place_of_the_hub_is_not_applied():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 3))
        for body in (b"", b"{}", b"countersign-sync 1\n" + bytes(range(256)) * 40):
            with portal(here.port, body):
                assert here.sync("ana", code=75)[0]["down"]["rows"] == 0
        here.node("ana", "verify")
        here.serve()
        assert here.sync("ana")[0]["up"]["entries"] == 3


def test_another_hub_in_the_place_of_the_hub_is_refused():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 3))
        ours = here.environment["COUNTERSIGN_HUB_DATA"]
        here.environment["COUNTERSIGN_HUB_DATA"] = str(here.folder / "other-hub")
        here.serve()
        result = here.node("ana", "sync", "--json", code=None)
        assert result.code not in (0, 3), result
        here.stop()
        here.environment["COUNTERSIGN_HUB_DATA"] = ours
        here.serve()
        assert here.sync("ana")[0]["up"]["entries"] == 3
