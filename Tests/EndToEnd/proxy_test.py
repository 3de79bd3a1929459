"""Syncs through a proxy that spoils them: each fault is told for what it is, and nothing is lost."""
import os
import random
import time

import proxy
from agreement import in_agreement
from continuity_test import decide, uids_at
from proxy import spoiled, status
from world import free_port, world

SEED = int(os.environ.get("COUNTERSIGN_SEED", 20261125))
SYNCS = int(os.environ.get("COUNTERSIGN_SYNCS", 40))


def state(here, person="ana"):
    """What a sync that failed must leave as it was."""
    status = here.node(person, "status", "--json").json
    kept = ("assigned", "due", "decided", "outbox", "pending", "quarantined", "epoch")
    return {key: status[key] for key in kept}


# Of each fault: the exit code, `result`, the error's code, and a word of its sentence.
TOLD = {
    "drop_request": (75, "offline", "interrupted", "broke"),
    "drop_reply": (75, "offline", "interrupted", "broke"),
    "delay": (0, "caughtUp"),
    "cut_reply": (75, "offline", "interrupted", "broke"),
    "shorten_reply": (75, "offline", "offline", "ended too early"),
    "flip_reply": (75, "offline", "damaged", "did not arrive whole"),
    "flip_request": (0, "caughtUp"),  # The hub says so, and it is sent again at once.
    "twice": (0, "caughtUp"),
    "twice_first": (0, "caughtUp"),
    "sign_in_page": (75, "offline", "notTheHub", "sign-in page"),
    "stripped": (0, "caughtUp"),  # What is signed needs no label.
    "drip": (0, "caughtUp"),
    "status_403": (75, "offline", "notTheHub", "HTTP 403"),
    "status_408": (75, "offline", "offline", "HTTP 408"),
    "status_413": (0, "caughtUp"),  # Sent again in smaller parts.
    "status_426": (75, "offline", "notTheHub", "HTTP 426"),
    "status_429": (75, "offline", "offline", "HTTP 429"),
    "status_500": (75, "offline", "offline", "HTTP 500"),
    "status_502": (75, "offline", "offline", "HTTP 502"),
    "status_503": (75, "offline", "offline", "HTTP 503"),
    "status_504": (75, "offline", "offline", "HTTP 504"),
    "status_507": (75, "offline", "offline", "HTTP 507"),
    "status_511": (75, "offline", "notTheHub", "HTTP 511"),
    "problem_401": (77, "notAllowed", "said401", "a hub says 401"),
    "problem_403": (77, "notAllowed", "said403", "a hub says 403"),
    "problem_409": (69, "refused", "said409", "a hub says 409"),
    "problem_413": (0, "caughtUp"),
    "problem_426": (76, "tooOld", "said426", "a hub says 426"),
    "problem_429": (75, "busy", "said429", "a hub says 429"),
    "problem_500": (75, "offline", "said500", "a hub says 500"),
    "problem_503": (75, "busy", "said503", "a hub says 503"),
    "problem_507": (75, "offline", "said507", "a hub says 507"),
}
PROBLEMS = [status(code, problem=True) for code in (401, 403, 409, 413, 426, 429, 500, 503, 507)]


def test_row_13_each_fault_is_told_and_nothing_unverified_is_applied():
    with world() as here:
        hub_port = free_port()
        here.serve(port=hub_port)
        faults = [*proxy.FAULTS, status(403), status(511), *PROBLEMS]
        assert {fault.__name__ for fault in faults} == set(TOLD)
        for number, fault in enumerate(faults):
            uids = set(decide(here, "ana", [number]))
            before = state(here)
            with spoiled(here.port, hub_port, [fault], SEED) as done:
                result = here.node("ana", "sync", "--json", code=None)
            code, word, *error = TOLD[fault.__name__]
            assert (result.code, result.json["result"]) == (code, word), (fault.__name__, result)
            assert done[0] == fault.__name__ and (code == 0 or len(done) == 1), done
            if error:
                assert result.error["code"] == error[0], (fault.__name__, result)
                assert error[1] in result.error["message"], (fault.__name__, result)
                assert "saved" in result.error["message"], (fault.__name__, result)
                assert fault.__name__ == "cut_reply" or state(here) == before, fault.__name__
            with spoiled(here.port, hub_port, []):
                assert here.sync("ana")[0]["result"] == "caughtUp"
            assert uids <= set(uids_at(here)), fault.__name__
        here.node("ana", "verify")
        assert here.hub("verify", "--json").json["failures"] == []


def test_row_13_of_a_reply_with_turned_bits_nothing_is_applied_from_there_on():
    with world() as here:
        hub_port = free_port()
        here.serve(port=hub_port)
        decide(here, "ana", range(3))
        for seed in range(12):
            with spoiled(here.port, hub_port, [proxy.flip_reply] * 2, seed):
                result = here.node("ana", "sync", "--json", code=None)
            assert result.code in (65, 75), result
        here.node("ana", "verify")


def test_row_14_what_a_proxy_asks_for_binds_as_the_hubs_word_does():
    with world() as here:
        hub_port = free_port()
        here.serve(port=hub_port)
        decide(here, "ana", range(3))
        with spoiled(here.port, hub_port, [status(503, retry_after=2)]) as done:
            assert here.node("ana", "sync", "--json", code=75).error["code"] == "hubBusy"
            assert here.node("ana", "sync", "--json", code=75).error["code"] == "hubBusy"
            assert len(done) == 1, "it asked in the meantime"
            time.sleep(2.1)
            assert here.sync("ana")[0]["result"] == "caughtUp"


def test_a_proxy_that_takes_small_requests_only_gets_them_in_parts():
    with world(305) as here:
        hub_port = free_port()
        here.serve(port=hub_port)
        uids = set(decide(here, "ana", range(300)))
        for limit in (16 << 10, 2 << 10):
            with spoiled(here.port, hub_port, [proxy.smaller_than(limit)] * 500) as done:
                result = here.node("ana", "sync", "--json", code=None)
            if limit > 8 << 10:
                assert result.json["outbox"] == 0 and result.json["result"] == "caughtUp", result
                assert max(done.sizes) > limit, done.sizes
            more = set(decide(here, "ana", range(300)))
            uids |= more
        assert result.code in (0, 75), result
        with spoiled(here.port, hub_port, []):
            here.sync("ana")
        assert uids <= set(uids_at(here))


def test_many_syncs_through_a_bad_proxy_converge_and_lose_nothing():
    draw = random.Random(SEED)
    faults = [*proxy.FAULTS, status(429, retry_after=1), status(503, retry_after=1)]

    def turns():
        while True:
            yield draw.choice(faults) if draw.random() < 0.7 else proxy.whole

    with world() as here:
        hub_port = free_port()
        here.serve(port=hub_port)
        people, uids, codes = ("ana", "ben", "sam"), set(), {}
        with spoiled(here.port, hub_port, turns(), SEED) as done:
            for turn in range(SYNCS):
                person = draw.choice(people)
                if person != "sam":
                    uids |= set(decide(here, person, draw.sample(range(60), 3)))
                result = here.node(person, "sync", "--json", code=None)
                codes[result.code] = codes.get(result.code, 0) + 1
                assert result.code in (0, 65, 75), (turn, result)
        print(f"        seed {SEED}: {SYNCS} syncs, {len(done)} requests, exit codes {codes}")
        with spoiled(here.port, hub_port, []):
            time.sleep(1.1)  # The last may have been asked to wait.
            in_agreement(here, people, uids)
