"""A hub whose folder is lost altogether, and made anew from its root key (sync.md, row 4)."""
import json
import shutil
import signal
import time

from bundle_test import device, exchange, up
from continuity_test import decide, uids_at
from world import PEOPLE, SAMPLES, gold, world

ROOT = "kept.root.key"


def lose(here):
    """The hub's folder is gone; only the root key was kept elsewhere."""
    here.stop()
    shutil.copy(here.folder / "hub" / "root.key", here.folder / ROOT)
    shutil.rmtree(here.folder / "hub")


def rebuild(here, *arguments, **options):
    return here.hub("rebuild", "--root-key", here.folder / ROOT, "--json", *arguments, **options)


def say_again(here):
    """What reviewers may do was told to nobody."""
    for person, options in PEOPLE.items():
        here.hub("reviewer", "add", person, *options)


def outcomes(here):
    """The present outcome of each case."""
    rows = {}
    for row in here.hub("outcomes", "--json").rows:
        rows[row["case"]] = row
    return rows


def test_a_hub_that_lost_its_folder_gets_back_what_its_nodes_hold():
    with world() as here:
        here.serve()
        # Everybody answers the same tickets, so that what one said stands with the others too.
        said = {person: decide(here, person, range(0, 6)) for person in ("ana", "ben")}
        here.sync("ana", "ben", "sam", "ana", "ben")
        before, cases = uids_at(here), here.hub("cases", "--json").rows
        outcome = outcomes(here)
        shared = {row["uid"] for case in cases
                  for row in here.hub("case", "show", case["case"], "--json").json["verdicts"]}
        assert set(said["ana"] + said["ben"]) <= shared
        late = decide(here, "ana", range(6, 9))  # Decided, and synced nowhere yet.
        lose(here)
        shutil.rmtree(here.home("ben"))  # And one node is destroyed with it.

        made = rebuild(here).json
        assert made["recovering"] and made["awaited"] == [] and made["cases"] == 0, made
        assert "root" not in json.dumps(made)
        rebuild(here)  # Again does no harm.
        here.serve()

        result = here.sync("ana")[0]
        assert result["outbox"] == 0 and result["result"] == "caughtUp", result
        here.stop()
        assert exchange(here, "sam")["result"] in ("caughtUp", "partial")
        exchange(here, "sam")
        assert exchange(here, "sam")["outbox"] == 0
        here.serve()

        back = uids_at(here)
        assert set(said["ana"]) | set(late) <= set(back), "a receipted verdict did not come back"
        lost = {uid for uid in said["ben"] if uid not in back}
        assert not lost, f"{len(lost)} of ben's that others hold are not back"
        status = here.node("ana", "status", "--json").json
        assert status["outbox"]["entries"] == 0 and status["hubEpoch"].startswith("2."), status

        shown = here.hub("recover", "show", "--json").json
        assert shown["recovering"] and len(shown["awaited"]) == 1, shown
        assert sorted(shown["reviewers"]) == sorted(PEOPLE), shown
        assert shown["missing"]["hubEntries"] > 0, shown
        decided = next(case for case, row in outcomes(here).items() if row["state"] == "decided")
        assert here.hub("claim", decided, "--json", code=69).error["code"] == "recovering"
        here.hub("recover", "end", "--by", "olga", "--because", "ben's laptop burned")
        for case, row in outcomes(here).items():
            if case in outcome and outcome[case]["counted"] == row["counted"]:
                assert outcome[case]["outcome"] == row["outcome"], (outcome[case], row)
        here.hub("claim", decided)

        # Work goes on: people, cases, decisions, and nobody enrolled again.
        say_again(here)
        case = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[70]
        here.hub("intake", "-", stdin=case + "\n")
        for person in ("ana", "sam"):
            assert here.sync(person)[0]["result"] == "caughtUp"
            here.node(person, "verify")
        here.sync("ana")
        assert here.sync("ana")[0]["up"]["entries"] == 0
        assert here.hub("verify", "--json").json["failures"] == []
        assert len(here.hub("device", "list", "--json").rows) == 3


def test_a_hub_is_rebuilt_with_what_came_by_stick():
    with world() as here:
        made = decide(here, "ana", range(0, 4))
        exchange(here, "ana")
        later = decide(here, "ana", range(4, 6))
        file = up(here, "ana", "before")  # On its way when the hub is lost.
        lose(here)
        shown = rebuild(here, file).json
        assert shown["awaited"] == [device(here, "ana")], shown
        for _ in range(3):
            exchange(here, "ana")
        assert set(made + later) <= set(uids_at(here)), "a receipted verdict did not come back"
        assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 0
        # What the lost hub wrote is no news any more.
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")
        shown = here.hub("recover", "show", "--json").json
        assert device(here, "ana") not in shown["awaited"] and len(shown["awaited"]) == 2, shown


def test_a_bundle_from_before_the_loss_is_no_news_after_it():
    with world() as here:
        decide(here, "ana", range(0, 2))
        here.hub("bundle", "import", up(here, "ana"))
        old = here.folder / "ana.old"
        here.hub("bundle", "export", old, "--for", device(here, "ana"))
        lose(here)
        rebuild(here)
        here.serve()
        here.sync("ana")
        assert here.node("ana", "bundle", "import", old, "--json").json["result"] == "outdated"


def test_a_hub_that_was_lost_twice_goes_on_above_what_its_nodes_were_told():
    with world() as here:
        here.serve()
        made = decide(here, "ana", range(0, 3))
        here.sync("ana")
        for generation in ("2.", "3."):
            lose(here)
            rebuild(here)
            here.serve()
            assert here.sync("ana")[0]["outbox"] == 0
            status = here.node("ana", "status", "--json").json
            assert status["hubEpoch"].startswith(generation), status
        assert here.sync("ben")[0]["result"] == "caughtUp"  # It was away all the while.
        assert set(made) <= set(uids_at(here))
        for person in ("ana", "ben"):
            here.node(person, "verify")
        assert here.hub("verify", "--json").json["failures"] == []


def test_what_is_no_root_key_of_this_hub_makes_none():
    with world() as here:
        file = up(here, "ana")
        lose(here)
        other = here.folder / "other"
        here.hub("init", "--data", other)
        short = here.folder / "short.key"
        short.write_bytes((here.folder / ROOT).read_bytes()[:63])

        failed = here.hub("rebuild", "--root-key", short, "--json", code=65)
        assert failed.error["code"] == "notARootKey", failed
        here.hub("rebuild", "--root-key", here.folder / "nowhere", code=66)
        failed = here.hub("rebuild", "--root-key", other / "root.key", file, "--json", code=77)
        assert failed.error["code"] == "otherHub", failed
        assert not (here.folder / "hub").exists(), "something was made"
        failed = rebuild(here, "--data", other, code=65)
        assert failed.error["code"] == "exists", failed

        # Another's key makes another hub: nodes believe nothing of it, and say so once.
        shown = here.hub("rebuild", "--root-key", other / "root.key", "--json").json
        here.serve()
        failed = here.node("ana", "sync", "--json", code=77)
        assert failed.error["code"] == "otherHub" and not failed.error["retryable"], failed
        assert shown["hub"] != here.node("ana", "status", "--json").json["hub"]
        here.stop()
        shutil.rmtree(here.folder / "hub")
        rebuild(here)
        here.serve()
        assert here.sync("ana")[0]["result"] == "caughtUp"


def test_killed_at_any_moment_the_same_again_goes_on():
    with world() as here:
        decide(here, "ana", range(0, 3))
        file = up(here, "ana")
        lose(here)
        for wait in (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2):
            begun = here.start("countersign-hub", "rebuild", "--root-key", here.folder / ROOT, file)
            time.sleep(wait)
            begun.send_signal(signal.SIGKILL)
            begun.communicate()
            if (here.folder / "hub" / "hub.sqlite").exists():
                here.hub("verify")
        rebuild(here, file)
        here.serve()
        assert here.sync("ana")[0]["result"] == "caughtUp"
        assert here.hub("verify", "--json").json["failures"] == []


def test_nodes_that_pinned_the_hubs_authority_find_it_again():
    with world() as here:
        here.serve(options=["--tls"])
        token = here.folder / "eva.token"
        token.write_text(here.hub("reviewer", "token", "ana", "--json").json["token"])
        here.node("eva", "enrol", "--token-file", token)
        here.sync("eva")
        lose(here)
        rebuild(here)
        here.serve(options=["--tls"])
        assert here.sync("eva")[0]["result"] == "caughtUp"
        # And who joins now pins what is served now.
        say_again(here)
        token.write_text(here.hub("reviewer", "token", "ana", "--json").json["token"])
        here.node("fay", "enrol", "--token-file", token)
        here.sync("fay", "eva")


def test_what_was_erased_before_the_loss_does_not_come_back():
    for order in (("ana", "ben"), ("ben", "ana")):
        with world() as here:
            here.serve()
            decide(here, "ana", range(0, 3))
            decide(here, "ben", range(0, 3))
            here.sync("ana", "ben", "ana", "ben")
            case = list(gold())[0]
            here.hub("erase", case, "--by", "olga", "--because", "asked for by letter")
            here.sync("ana")  # Ben has not heard of it.
            here.node("ben", "show", case)
            lose(here)
            rebuild(here)
            here.serve()
            for person in order + order:
                assert here.sync(person)[0]["outbox"] == 0
            for person in order:
                here.node(person, "show", case, code=66)
                here.node(person, "verify")
            assert case not in {row["case"] for row in here.hub("cases", "--json").rows}
            # What is decided from now on is counted, and told, in the same scope.
            decide(here, "ana", range(3, 5))
            here.sync("ana")
            verified = here.hub("verify", "--json").json
            assert verified["failures"] == [], (order, verified["failures"])


def large(count, size=30_000):
    """So many tickets with long letters, which a small request cannot hold together."""
    lines = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()
    for number in range(count):
        case = json.loads(lines[number])
        case["id"] = f"large-{number}"
        case["input"]["text"] = (case["input"]["text"] + " ") * (size // len(case["input"]["text"]))
        yield json.dumps(case)


def test_row_8_a_verdict_that_comes_before_its_case_waits_for_it():
    with world() as here:
        here.serve()
        here.hub("intake", "-", stdin="\n".join(large(20)) + "\n")
        here.sync("ana")
        lines = "".join(json.dumps({"case": f"banking/large-{number}", "label": "age_limit"}) + "\n"
                        for number in range(20))
        made = [row["uid"] for row in here.node("ana", "decide", "--json", "-", stdin=lines).rows]
        here.sync("ana")
        lose(here)
        rebuild(here)
        here.serve()
        # All verdicts fit in so small a request, the cases do not: some come before their cases.
        waited = False
        for _ in range(60):
            result = here.node("ana", "sync", "--max-bytes", 60_000, "--json", code=None)
            assert result.code in (0, 3, 4), result
            status = here.node("ana", "status", "--json").json
            if status["pending"]:
                waited = True
                assert made[-1] in uids_at(here), "what waits is not kept"
            if result.code == 0:
                break
        assert waited and result.code == 0, (waited, result)
        assert set(made) <= set(uids_at(here))
        assert here.node("ana", "status", "--json").json["pending"] == 0
        shown = here.hub("case", "show", "banking/large-19", "--json").json
        assert [row["status"] for row in shown["verdicts"]] == ["counted"], shown
        assert here.hub("verify", "--json").json["failures"] == []
