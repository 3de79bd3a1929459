"""What people and programs get wrong: told clearly, with the right code, and nothing changed."""
import functools
import hashlib
import json
import shutil
import sqlite3

from world import SAMPLES, world

CASE = json.loads((SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[0])


def case(**changes):
    return json.dumps(CASE | {"id": "X-1"} | changes)


def test_bad_commands_have_their_exit_codes_and_say_what_to_do():
    with world() as here:
        hub = here.hub
        node = functools.partial(here.node, "ana")
        for run, arguments, code, words in (
            (node, ["status", "--nonsense"], 64, ["nonsense"]),
            (node, ["nonsense"], 64, ["nonsense"]),
            (node, ["answer", "banking/B-00000"], 64, []),
            (node, ["show", "banking/B-00001"], 66, ["banking/B-00000"]),
            (node, ["why", "nosuch/case"], 66, []),
            (node, ["answer", "banking/B-00001", "age_limit"], 66, []),
            (node, ["answer", "banking/B-00000", "card_arival"], 65, ["card_arrival"]),
            (node, ["abstain", "banking/B-00000", "--because", "tired"], 65, []),
            (node, ["decide", "/nonexistent"], 66, ["/nonexistent"]),
            (node, ["history", "nosuch/case"], 66, []),
            (hub, ["case", "show", "banking/B-00001"], 66, ["banking/B-00000"]),
            (hub, ["policy", "show", "bankin"], 66, ["banking"]),
            (hub, ["intake", "/nonexistent"], 66, ["/nonexistent"]),
            (hub, ["claim", "banking/B-00000"], 69, []),
            (hub, ["claim", "banking/B-00001"], 66, []),
            (hub, ["adjudicate", "banking/B-00000", "nolabel", "--by", "sam", "--because", "x"], 65,
             []),
            (hub, ["reviewer", "add", "a/b"], 65, []),
            (hub, ["reviewer", "token", "nobody"], 66, []),
        ):
            result = run(*arguments, code=None)
            assert result.code == code, f"exit {code} was expected: {result}"
            for word in words:
                assert word in result.err + result.out, f"{word!r} was expected: {result}"
            assert result.err.strip() or result.out.strip(), f"it says nothing: {result}"


def test_errors_are_objects_with_json():
    with world() as here:
        error = here.node("ana", "show", "nosuch/case", "--json", code=66).error
        assert set(error) >= {"code", "message", "hint", "retryable"}, error
        error = here.hub("case", "show", "nosuch/case", "--json", code=66).error
        assert set(error) >= {"code", "message", "hint", "retryable"}, error


def test_a_bad_case_is_told_by_its_line_and_the_others_go_in():
    with world() as here:
        bad = {
            "not JSON": "{",
            "duplicate keys": case().replace('{"workflow"', '{"id": "X-2", "workflow"', 1),
            "NaN": case().replace("0.805446", "NaN"),
            "beyond 2^53": case(attributes={"n": 9007199254740993}),
            "confidence of 1.5": case(confidence=1.5),
            "confidence of -0.1": case(confidence=-0.1),
            "no output": json.dumps({k: v for k, v in CASE.items() if k != "output"}),
            "no such workflow": case(workflow="bankin"),
            "an id with a slash": case(id="a/b"),
            "over 1 MiB": case(input={"text": "x" * (1 << 20)}),
            "no object": "[1]",
        }
        lines = [line.encode() for line in bad.values()] + [b'{"id": "\xff"}']
        lines.insert(3, case(id="X-8").encode())
        lines.append(case(id="X-9").encode())
        result = here.hub("intake", "-", "--json", stdin=b"\n".join(lines) + b"\n", code=3)
        answers = result.rows
        assert len(answers) == len(lines), result
        for number, answer in enumerate(answers, 1):
            if number in (4, len(lines)):
                assert answer["case"] in ("banking/X-8", "banking/X-9"), answer
                continue
            assert answer["line"] == number, answer
            assert answer["error"]["code"] and answer["error"]["message"], answer
        assert len({answer["error"]["message"] for answer in answers if "error" in answer}) >= 9
        assert "banking" in answers[[*bad].index("no such workflow") + 1]["error"]["message"] + (
            answers[[*bad].index("no such workflow") + 1]["error"]["hint"] or "")


def test_a_bad_policy_is_told_by_line_and_column_all_at_once_and_nothing_is_activated():
    with world() as here:
        before = here.hub("policy", "show", "refunds").out
        path = here.folder / "bad.yaml"
        path.write_text(
            "workflow: refunds\n"
            "labels: [approve, deny]\n"
            "phse: 1\n"
            "rules:\n"
            "  - name: a\n"
            "    when: attributes.amount >\n"
            "  - name: b\n"
            "    when: atributes.amount > 5\n"
            "sample:\n"
            "  core: 3/10\n"
        )
        for act in (["policy", "check", path], ["policy", "activate", path, "--by", "olga"]):
            result = here.hub(*act, code=65)
            told = result.out + result.err
            for place in (":3:", ":6:", ":8:", ":10:"):
                assert place in told, f"{place} was expected: {result}"
            assert "phase" in told, "the nearest key is named"
        path.write_text("workflow: refunds\nlabels: [approve\nphase: 1\n")
        result = here.hub("policy", "check", path, code=65)
        assert "bad.yaml:3:" in result.out + result.err, result
        assert here.hub("policy", "show", "refunds").out == before
        for workflow in ("banking", "refunds", "replies"):
            here.hub("policy", "check", SAMPLES / workflow / "policy.yaml")


def test_a_bad_verdict_line_is_told_and_the_others_are_saved():
    with world() as here:
        lines = [
            '{"case": "banking/B-00000", "label": "card_arrival", "key": "k1"}',
            "{",
            '{"case": "banking/B-00001", "label": "age_limit"}',
            '{"case": "banking/B-00043", "label": "card_arival"}',
            '{"case": "banking/B-00043", "label": "card_arrival", "key": "k1"}',
            '{"case": "banking/B-00000", "label": "card_arrival", "key": "k1"}',
            '{"case": "banking/B-00086", "label": "card_arrival", "revision": "sha256:%s"}' % ("0" * 64),
            '{"case": "banking/B-00129", "abstain": "pass", "note": "not mine"}',
        ]
        rows = here.node("ana", "decide", "--json", stdin="\n".join(lines) + "\n", code=3).rows
        codes = [row.get("error", {}).get("code") for row in rows]
        assert [code is None for code in codes] == [True, False, False, False, False, True, False, True]
        assert [row["line"] for row in rows if "error" in row] == [2, 3, 4, 5, 7], rows
        assert rows[5]["duplicate"] is True and rows[5]["uid"] == rows[0]["uid"]
        assert codes[6] == "revisionChanged", codes
        assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 2


def test_escape_sequences_in_a_case_never_reach_the_terminal():
    attack = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202erun\u2066\u200b\u0000"[:-1]
    evil = case(
        id="X-7", title=f"t{attack}", neutralTitle=f"n{attack}", subject=f"s{attack}",
        input={"text": f"i{attack}", f"k{attack}": attack}, output={"intent": f"o{attack}"},
        label=f"l{attack}", model={"id": f"m{attack}", "version": f"v{attack}"},
        context={"retrieval": [{"source": attack, "text": attack, "score": 0.5}],
                 "reasoning": [attack]},
        attributes={"channel": attack, f"a{attack}": attack},
    )
    with world() as here:
        here.serve()
        printed = [here.hub("intake", "-", stdin=evil + "\n")]
        here.sync("ana")
        x = "banking/X-7"
        for form in ([], ["--json"]):
            for command in (["list", "--all"], ["next"], ["show", x], ["why", x], ["history"]):
                printed.append(here.node("ana", *command, *form))
            for command in (["cases"], ["case", "show", x], ["queue"], ["outcomes"], ["events"]):
                printed.append(here.hub(*command, *form))
        printed.append(here.node("ana", "review", stdin=f"o {x}\nv\nw\n{x} age_limit: {attack}\nq\n"))
        printed += [here.node("ana", "history", x), here.node("ana", "history", x, "--json")]
        here.sync("ana")
        printed += [here.hub("case", "show", x), here.hub("case", "show", x, "--json"),
                    here.hub("outcomes"), here.hub("oversight"), here.hub("conflicts")]
        raw = {
            f"{' '.join(result.arguments)}: {character!r}"
            for result in printed for character in result.out + result.err
            if not character.isprintable() and character not in "\n\t\u00a0"
        }
        assert not raw, "reached the terminal: " + "\n".join(sorted(raw))


def test_a_replica_that_is_not_ours_or_newer_is_refused_untouched():
    with world() as here:
        home = here.home("ana")
        replica = next(path for path in home.iterdir() if path.suffix == ".sqlite")
        whole = replica.read_bytes()

        def newer(path):
            path.write_bytes(whole)
            with sqlite3.connect(path) as database:
                database.execute("INSERT INTO grdb_migrations VALUES ('from the future')")
            database.close()

        def other(path):
            path.unlink()
            with sqlite3.connect(path) as database:
                database.execute("CREATE TABLE note (text TEXT)")
            database.close()

        for make, code in (
            (newer, 76), (other, 65),
            (lambda path: path.write_text("dear diary\n" * 400), 65),
        ):
            for extra in ("-wal", "-shm"):
                replica.with_name(replica.name + extra).unlink(missing_ok=True)
            make(replica)
            before = hashlib.sha256(replica.read_bytes()).digest()
            for command in (["status"], ["list"], ["sync"], ["decide"]):
                result = here.node("ana", *command, stdin='{"case": "banking/B-00000"}\n', code=None)
                assert result.code == code, f"exit {code} was expected: {result}"
                assert "untouched" in result.err, result
            assert hashlib.sha256(replica.read_bytes()).digest() == before
        shutil.rmtree(home)
        result = here.node("ana", "status", code=None)
        assert result.code == 77 and "enrol" in result.err, result
