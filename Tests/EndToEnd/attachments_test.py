"""Attachments from a file beside a case to a reviewer's screen, over real programs and bad links."""
import contextlib
import hashlib
import http.client
import json
import os
import random
import signal
import time

from world import cut_after, free_port, world


def case(number, attachments):
    return {
        "workflow": "refunds", "id": f"A-{number}", "title": "A refund with a receipt",
        "neutralTitle": "A refund", "input": {"text": "My parcel was late, and I complain."},
        "output": {"decision": "approve", "amount": 100}, "label": "approve", "confidence": 0.93,
        "model": {"id": "refund-classifier", "version": "2026-10-01"},
        "attributes": {"amount": 100, "channel": "email"}, "attachments": attachments,
    }


def files(here, sizes):
    """Files of these sizes beside a file of cases, one case a file."""
    folder = here.folder / "cases"
    folder.mkdir()
    made = [random.Random(size).randbytes(size) for size in sizes]
    with open(folder / "cases.jsonl", "w") as lines:
        for number, data in enumerate(made):
            (folder / f"file-{number}.jpg").write_bytes(data)
            lines.write(json.dumps(case(number, [
                {"path": f"file-{number}.jpg", "mediaType": "image/jpeg"},
            ])) + "\n")
    return folder / "cases.jsonl", made


def digest(data):
    return hashlib.sha256(data).hexdigest()


def blob(home, data):
    return home / "blobs" / digest(data)[:2] / digest(data)


def parts(home):
    return sum(path.stat().st_size for path in home.glob("blobs/*/*.part"))


def whole(home, made):
    for data in made:
        assert blob(home, data).read_bytes() == data
        assert blob(home, data).stat().st_mode & 0o777 == 0o600


def test_a_small_byte_budget_brings_all_and_no_byte_twice():
    with world(5) as here:
        lines, made = files(here, [10, 60_000, 9_000, 0])
        here.hub("intake", lines)
        kept = here.hub("case", "show", "refunds/A-0", "--json").json["attachments"]
        assert kept == [{
            "name": "file-0.jpg", "sha256": digest(made[0]), "bytes": 10, "mediaType": "image/jpeg",
        }], kept
        here.serve()
        came = 0
        for _ in range(40):
            last = here.node("ana", "sync", "--json", "--max-bytes", 12_000, code=None)
            told = last.json
            came += told["attachments"]["bytes"]
            moved = told["up"]["bytes"] + told["down"]["bytes"] + told["attachments"]["bytes"]
            assert moved <= 12_000, told
            assert (last.code, told["result"]) in ((0, "caughtUp"), (4, "budget")), last
            if last.code == 0:
                break
        assert last.code == 0 and came == sum(map(len, made)), (came, last)
        whole(here.home("ana"), made)
        told = here.sync("ana")[0]
        assert told["attachments"] == {"fetched": 0, "bytes": 0, "missing": 0}, told


def test_killed_in_the_middle_it_goes_on_where_it_was():
    with world(5) as here:
        lines, made = files(here, [20 << 20])
        here.hub("intake", lines)
        here.serve()
        for _ in range(5):
            sync = here.start_node("ana", "sync")
            before = parts(here.home("ana"))
            for _ in range(2000):
                if parts(here.home("ana")) > before or sync.poll() is not None:
                    break
                time.sleep(0.002)
            sync.send_signal(signal.SIGKILL)
            sync.communicate()
            if blob(here.home("ana"), made[0]).exists():
                break
        had = parts(here.home("ana"))
        assert had > 0 or blob(here.home("ana"), made[0]).exists()
        told = here.sync("ana")[0]
        if had:
            assert told["attachments"]["bytes"] == len(made[0]) - had, (had, told)
        whole(here.home("ana"), made)


def test_a_line_that_breaks_again_and_again():
    with world(5) as here:
        lines, made = files(here, [300_000])
        here.hub("intake", lines)
        behind = free_port()
        here.serve()
        here.sync("ana", "ben")  # Ben has it all; ana's line is next.
        here.restart(port=behind)
        (here.home("ana") / "blobs").rename(here.folder / "away")
        came = 0
        with cut_after(70_000, here.port, behind):
            for _ in range(20):
                last = here.node("ana", "sync", "--json", code=None)
                came += last.json["attachments"]["bytes"]
                assert last.code in (0, 75), last
                if last.code == 0:
                    break
        assert last.code == 0 and came == len(made[0]), (came, last)
        whole(here.home("ana"), made)


def test_somebody_elses_attachment_is_not_there():
    with world(5) as here:
        lines, made = files(here, [2_000])
        here.hub("intake", lines)
        here.serve()
        here.sync("ana", "ben")
        assert blob(here.home("ana"), made[0]).exists()
        assert not blob(here.home("ben"), made[0]).exists()  # Ben reviews banking alone.
        link = http.client.HTTPConnection("127.0.0.1", here.port)
        link.request("GET", f"/v1/blobs/{digest(made[0])}")
        answer = link.getresponse()
        assert answer.status == 401 and made[0] not in answer.read()


def test_a_case_before_its_file_and_an_upload_in_parts():
    with world(5) as here:
        data = os.urandom(50_000)
        line = case(1, [{"name": "r.jpg", "sha256": digest(data), "bytes": len(data)}])
        key = here.hub("caller", "add", "billing", "--json").json["key"]
        here.serve()
        link = http.client.HTTPConnection("127.0.0.1", here.port)

        def ask(method, path, body=b"", **headers):
            headers = {"Authorization": f"Bearer {key}"} | headers
            link.request(method, path, body, headers)
            answer = link.getresponse()
            return answer, answer.read()

        answer, _ = ask("POST", "/v1/cases", json.dumps(line).encode())
        assert answer.status == 200
        told = here.sync("ana")[0]
        assert told["attachments"]["missing"] == 1 and told["result"] == "caughtUp", told
        page = here.node("ana", "show", "refunds/A-1").out
        assert "1 r.jpg  49 KB, not here yet" in page, page
        for first in range(0, len(data), 20_000):
            part = data[first:first + 20_000]
            answer, body = ask(
                "PUT", f"/v1/blobs/{digest(data)}", part,
                **{"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(data)}"},
            )
            assert answer.status == 200, body
        assert json.loads(body)["complete"] is True
        text = here.node("ana", "sync").out
        assert "1 attachment, 49 KB" in text, text
        whole(here.home("ana"), [data])


def test_a_damaged_file_at_the_hub_is_told_and_put_right():
    with world(5) as here:
        lines, made = files(here, [5_000])
        here.hub("intake", lines)
        here.hub("backup", here.folder / "copy")
        here.hub("verify", "--data", here.folder / "copy")
        path = blob(here.folder / "hub", made[0])
        path.unlink()  # The backup may share its bytes.
        path.write_bytes(made[0][::-1])
        failures = here.hub("verify", "--json", code=65).json["failures"]
        assert [failure["what"] for failure in failures] == ["attachment"], failures
        here.serve()
        assert here.sync("ana")[0]["attachments"]["missing"] == 1
        here.hub("intake", lines)
        assert here.sync("ana")[0]["attachments"]["fetched"] == 1
        here.hub("verify")
        whole(here.home("ana"), made)
        whole(here.folder / "copy", made)


def test_opened_offline_by_a_name_of_ours():
    with world(5) as here:
        lines, made = files(here, [3_000])
        here.hub("intake", lines)
        here.serve()
        here.node("ana", "sync", "--no-attachments")
        refused = here.node("ana", "attachments", "open", "refunds/A-0", "--json", code=66)
        assert refused.error["code"] == "attachmentNotHere"
        told = here.node("ana", "attachments", "fetch", "refunds/A-0", "--json").json
        assert told["attachments"]["fetched"] == 1 and told["roundTrips"] == 0, told
        here.stop()
        path = here.node("ana", "attachments", "open", "refunds/A-0").out.strip()
        assert path == f"{blob(here.home('ana'), made[0])}.jpg"
        with open(path, "rb") as file:
            assert file.read() == made[0]
        here.environment["COUNTERSIGN_OPENER"] = "wc -c <"
        session = here.node("ana", "review", stdin="refunds/A-0 a 1\nq\n").out
        assert "3000" in session, session
        blob(here.home("ana"), made[0]).write_bytes(b"x" * 3_000)
        here.node("ana", "verify", code=65)
        refused = here.node("ana", "attachments", "open", "refunds/A-0", "--json", code=65)
        assert refused.error["code"] == "attachmentDamaged"


def test_a_path_that_leads_elsewhere_is_refused():
    with world(5) as here:
        lines, _ = files(here, [10])
        outside = case(7, [{"path": "../hub/hub.key"}])
        with open(lines, "a") as more:
            more.write(json.dumps(outside) + "\n")
        answer = here.hub("intake", lines, code=3).rows[-1]
        assert answer["error"]["code"] == "badAttachment", answer
        answer = here.hub("intake", "-", stdin=json.dumps(case(8, [{"path": "x"}])), code=3).rows[-1]
        assert answer["error"]["code"] == "badCase", answer


def test_a_full_disk_keeps_what_came():
    with world(5) as here, contextlib.ExitStack() as stack:
        lines, made = files(here, [3 << 20])
        here.hub("intake", lines)
        here.serve()
        home = here.home("ana")
        place = home / "blobs"
        place.mkdir(mode=0o700)
        if os.system(f"mount -t tmpfs -o size=1m,mode=700 tmpfs {place}"):
            return  # Only root can make a small disk.
        stack.callback(os.system, f"umount {place}")
        refused = here.node("ana", "sync", "--json", code=73)
        assert parts(home) > 0, refused
        os.system(f"mount -o remount,size=16m {place}")
        had = parts(home)
        told = here.sync("ana")[0]
        assert told["attachments"]["bytes"] == len(made[0]) - had, told
        whole(home, made)
