"""The story that the quickstart tells, with what must be true at each step."""
import json

from world import gold, verdicts, world


def outcomes(here):
    """The present outcome of each case."""
    return {row["case"]: row for row in here.hub("outcomes", "--json").rows}


def test_two_people_decide_offline_and_nothing_is_lost_or_overwritten():
    with world() as here:
        for person in ("ana", "ben"):
            answers = here.node(person, "decide", "--json", stdin=verdicts(person)).rows
            assert len(answers) == 60 and not any(row.get("error") for row in answers)
            status = here.node(person, "status", "--json").json
            assert status["outbox"]["entries"] == 60, status
        here.serve()
        first, second = here.sync("ana", "ben")
        assert first["result"] == second["result"] == "caughtUp"
        assert first["up"]["entries"] == second["up"]["entries"] == 60
        log = [row for row in here.hub("export", "log", "--json").rows if row["kind"] == "verdict"]
        assert len({row["uid"] for row in log}) == 120
        reviewers = {row["reviewer"] for row in log}
        assert reviewers == {"ana", "ben"}, reviewers


def test_agreement_decides_and_disagreement_goes_to_a_senior():
    with world() as here:
        for person in ("ana", "ben"):
            here.node(person, "decide", stdin=verdicts(person))
        here.serve()
        here.sync("ana", "ben", "sam")
        found = outcomes(here)
        truth = list(gold().items())[:60]
        # ben takes every 7th ticket, from the 4th on, for something else.
        differ = {case for number, (case, _) in enumerate(truth) if number % 7 == 3}
        assert len(differ) == 9
        disputed = {case for case, row in found.items() if row["state"] == "disputed"}
        assert disputed == differ, disputed ^ differ
        for case, row in truth:
            if case not in differ:
                assert found[case]["state"] == "decided", found[case]
                assert found[case]["by"] == "agreement" and found[case]["label"] == row["gold"]

        # The senior answers blind to the sides, then sees them, then decides.
        case = min(differ)
        right = gold()[case]["gold"]
        assert "others" not in here.node("sam", "show", case, "--json").json
        here.node("sam", "answer", case, right)
        here.sync("sam")
        assert outcomes(here)[case]["state"] == "disputed", "the first answer does not decide"
        states = {row["case"]: row["state"] for row in here.node("sam", "list", "--json").rows}
        assert states[case] == "confirm"
        others = here.node("sam", "show", case, "--json").json["others"]
        assert len(others) == 2, others
        here.node("sam", "answer", case, right)
        here.sync("sam", "ana", "ben")
        assert outcomes(here)[case]["state"] == "decided"
        assert outcomes(here)[case]["by"] == "senior"
        for person in ("ana", "ben"):
            row = next(r for r in here.node(person, "history", "--json").rows if r["case"] == case)
            assert row["outcome"]["state"] == "decided", row

        # A caller takes the outcome, and from then on it does not change.
        taken = outcomes(here)[case]["outcome"]
        here.hub("claim", case, "--outcome", "sha256:" + "0" * 64, code=69)
        here.hub("claim", case, "--outcome", taken)
        here.hub("acted", case, "--label", right)
        late = json.dumps({"case": case, "label": "age_limit"})
        here.node("ben", "decide", stdin=late + "\n", code=None)
        here.sync("ben")
        assert outcomes(here)[case]["outcome"] == taken


def test_nothing_of_the_other_is_seen_before_the_own_answer():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana"))
        here.serve()
        here.sync("ana", "ben")
        for row in here.node("ben", "list", "--json", "--all").rows:
            assert row["state"] == "open", row
            shown = here.node("ben", "show", row["case"], "--json").json
            assert not shown.get("others"), shown
            if row["blind"]:
                assert "aiLabel" not in row and "label" not in shown and "output" not in shown
        assert here.node("ben", "history", "--json").rows == []
        assert here.node("ben", "conflicts", "--json").rows == []


def test_all_five_placements_are_in_use():
    with world(305) as here:
        rows = here.node("ana", "list", "--all", "--json").rows
        placed = {name for row in rows for name in row["placements"]}
        assert placed >= {"before", "after", "confidence", "sample", "exception"}, placed
        assert sum(row["blind"] for row in rows) > 20


def test_a_second_sync_moves_nothing():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana"))
        here.serve()
        here.sync("ana")
        again = here.sync("ana")[0]
        assert again["result"] == "caughtUp" and again["roundTrips"] == 1, again
        assert again["up"]["entries"] == 0 and again["down"]["rows"] == 0, again
        assert again["up"]["bytes"] < 1024 and again["down"]["bytes"] < 2048, again


def test_totals_are_a_recount_and_every_chain_verifies():
    with world() as here:
        for person in ("ana", "ben"):
            here.node(person, "decide", stdin=verdicts(person))
        here.serve()
        here.sync("ana", "ben", "sam", "ana", "ben")
        found = outcomes(here)
        disputed = sorted(case for case, row in found.items() if row["state"] == "disputed")
        here.hub("adjudicate", disputed[0], "age_limit", "--by", "sam", "--because", "was there")
        decided = sorted(case for case, row in found.items() if row["state"] == "decided")
        for case in [disputed[0], *decided[:5]]:
            here.hub("claim", case)
        verified = here.hub("verify", "--json").json
        assert verified["failures"] == [] and verified["deltas"]["equal"] is True, verified
        assert verified["deltas"]["recount"] > 0, "sealed cases count"
        for person in ("ana", "ben", "sam"):
            own = here.node(person, "verify", "--json").json
            assert own["failures"] == [] and own["entries"] > 0, own
        assert here.hub("oversight", "--workflow", "banking", "--json").rows
        assert here.node("ana", "calibration", "--json").rows
