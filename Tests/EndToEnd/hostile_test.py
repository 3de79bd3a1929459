"""Input that was never meant to be read: refused with a sentence, never a crash, never half applied."""
import base64
import http.client
import json
import os
import random

from world import SAMPLES, tickets, verdicts, world

SEED = int(os.environ.get("COUNTERSIGN_SEED", 20261125))
LINES = int(os.environ.get("COUNTERSIGN_LINES", 150))
FRAGMENTS = [
    b"\x00", b"\xff\xfe", b'"', b"{", b"}", b"[" * 9000, b"\\u0000", b"\\ud800", b"1e999", b"-0", b"NaN",
    b"9" * 400, b"\xe2\x80\xae", b",", b":", b"null", b"true", b"\\", b"\r", b'"label":"x",', b"\x1b[2J",
]


def spoiled(line, draw):
    """A line with a piece taken out, put in, turned or said twice."""
    line = bytearray(line)
    for _ in range(draw.randrange(1, 4)):
        place = draw.randrange(len(line) + 1)
        end = min(len(line), place + draw.randrange(1, 20))
        match draw.randrange(4):
            case 0:
                del line[place:end]
            case 1:
                line[place:place] = draw.choice(FRAGMENTS)
            case 2 if place < len(line):
                line[place] ^= 1 << draw.randrange(8)
            case _:
                line[place:place] = line[place:end]
    return bytes(line).replace(b"\n", b" ")


def told(result, codes=(0, 3, 64, 65, 66, 77)):
    """It ended by itself, with a code of the table and without a trace of its insides."""
    assert result.code in codes, result
    assert not any(word in result.err for word in ("Fatal error", ".swift:", "Stack dump")), result


def test_spoiled_verdicts_are_refused_line_by_line():
    draw = random.Random(SEED)
    with world() as here:
        good = verdicts("ana", 60).encode().splitlines()
        lines = [spoiled(draw.choice(good), draw) for _ in range(LINES)]
        result = here.node("ana", "decide", "--json", stdin=b"\n".join(lines) + b"\n", code=None)
        told(result)
        kept = [row for row in result.rows if "error" not in row]
        assert len(result.rows) == sum(bool(line.strip(b" \t")) for line in lines), "a line is unanswered"
        for row in result.rows:
            assert "error" not in row or row["error"]["code"] and row["error"]["message"], row
        uids = {row["uid"] for row in kept}
        assert {row["uid"] for row in here.node("ana", "history", "--json").rows} == uids
        here.node("ana", "verify")
        print(f"        seed {SEED}: {len(uids)} of {len(lines)} lines were still verdicts")


def test_spoiled_cases_are_refused_line_by_line():
    draw = random.Random(SEED)
    with world() as here:
        good = [line.encode() for line in tickets(305)[60:]]
        good += (SAMPLES / "refunds" / "cases.jsonl").read_bytes().splitlines()
        lines = [spoiled(draw.choice(good), draw) for _ in range(LINES)]
        before = {row["case"] for row in here.hub("cases", "--json").rows}
        result = here.hub("intake", "-", "--json", stdin=b"\n".join(lines) + b"\n", code=None)
        told(result)
        taken = {row["case"] for row in result.rows if "error" not in row}
        assert {row["case"] for row in here.hub("cases", "--json").rows} == before | taken
        assert here.hub("verify", "--json").json["failures"] == []
        here.serve()
        for person in ("ana", "ben", "sam"):
            assert here.sync(person)[0]["result"] == "caughtUp"
            here.node(person, "verify")


def test_spoiled_policies_and_tokens_are_refused_and_nothing_is_changed():
    draw = random.Random(SEED)
    with world() as here:
        before = here.hub("policy", "show", "refunds").out
        yaml = (SAMPLES / "refunds" / "policy.yaml").read_bytes()
        path = here.folder / "spoiled"
        deep = b"workflow: " + b"[" * 20_000
        for body in [b"", b"\xff" * 99, b"- " * 5000, deep, b"a: &a [*a, *a]\n",
                     *(spoiled(yaml, draw).replace(b" ", b" ") for _ in range(12)),
                     *(yaml[:draw.randrange(len(yaml))] for _ in range(4))]:
            path.write_bytes(body)
            told(here.hub("policy", "check", path, code=None))
        assert here.hub("policy", "show", "refunds").out == before
        token = here.hub("reviewer", "token", "ana", "--json").json["token"].encode()
        here.serve()
        for body in [b"", b"cs1.", b"cs1." + base64.b64encode(b"[" * 9000), b"\xff" * 99, b"x" * (1 << 20),
                     *(spoiled(token, draw) for _ in range(8))]:
            path.write_bytes(body)
            result = here.node("eva", "enrol", "--token-file", path, code=None)
            told(result, (64, 65, 69, 75, 77))
            assert not (here.home("eva") / "replica.sqlite").exists(), body
        for edit in (b"", b"{", b"[" * 50_000, b"\xff", b'{"a": NaN}'):
            path.write_bytes(edit)
            told(here.node("ana", "answer", "banking/B-00000", "age_limit", "--edit", path, code=None),
                 (65,))
        assert here.node("ana", "history", "--json").rows == []


def test_garbage_over_http_is_refused_and_the_hub_goes_on():
    draw = random.Random(SEED)
    with world() as here:
        key = here.hub("caller", "add", "gate", "--json").json["key"]
        here.serve()
        log = here.hub("export", "log", "--json").out
        case = tickets(70)[-1].encode()
        paths = ["/v1/sync", "/v1/enrol", "/v1/cases", "/v1/cases/banking/B-00000/claim",
                 "/v1/cases/banking/B-00000/acted", "/v1/outcomes", "/v1/nothing", "/" + "a/" * 2000]
        for _ in range(120):
            line = http.client.HTTPConnection("127.0.0.1", here.port, timeout=30)
            body = draw.choice([draw.randbytes(draw.randrange(3000)), spoiled(case, draw),
                                b"[" * 60_000, b"countersign-sync 1\n" + draw.randbytes(500)])
            line.request(draw.choice(["POST", "GET", "PUT", "DELETE"]), draw.choice(paths), body, {
                "Authorization": f"Bearer {key}", "Content-Type": draw.choice(
                    ["application/json", "application/x-ndjson", "application/vnd.countersign.sync"]),
                "Signature": "sig1=:x:", "Signature-Input": "sig1=()", "Countersign-Hub": "\u00e9",
            })
            answer = line.getresponse()
            text = answer.read()
            assert answer.status < 500, (answer.status, text)
            if answer.status >= 400 and text:
                problem = json.loads(text)
                assert problem["code"] and problem["detail"], problem
            line.close()
        assert here.sync("ana")[0]["result"] == "caughtUp"
        assert here.hub("verify", "--json").json["failures"] == []
        assert here.hub("export", "log", "--json").out.startswith(log)
