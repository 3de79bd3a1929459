"""What must be true once all faults have stopped, as people and scripts can see it."""


def in_agreement(here, people, uids, rounds=3):
    """**NothingLost**, **ReceiptHolds**, **OnceOnly**, **Converges**, **DeltasRecount**, **Verifiable**.

    `uids` are the entries that a node said it had saved.
    """
    for _ in range(rounds):
        results = [here.sync(person)[0] for person in people]
    for result in results:
        assert result["result"] == "caughtUp" and result["outbox"] == 0, result
        assert result["up"]["entries"] == result["down"]["rows"] == 0, f"{rounds} syncs: {result}"
    log = here.hub("export", "log", "--json").rows
    held = [row["uid"] for row in log]
    assert len(held) == len(set(held)), "an entry is held twice"
    assert uids <= set(held), f"{len(uids - set(held))} of {len(uids)} entries are missing at the hub"
    outcomes = {row["case"]: row["outcome"] for row in here.hub("outcomes", "--json").rows}
    for person in people:
        history = here.node(person, "history", "--json").rows
        mine = {row["uid"] for row in log
                if row["reviewer"] == person and row["kind"] in ("verdict", "retract")}
        assert {row["uid"] for row in history} == mine, f"{person} and the hub differ"
        for row in history:
            assert row["receipt"], row
            told = row.get("outcome") and row["outcome"]["hash"]
            assert told in (None, outcomes[row["case"]]), (person, row, outcomes[row["case"]])
        assert here.node(person, "verify", "--json").json["failures"] == []
    verified = here.hub("verify", "--json").json
    assert verified["failures"] == [] and verified["deltas"]["equal"], verified
