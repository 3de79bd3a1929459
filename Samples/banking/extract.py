#!/usr/bin/env python3
"""Makes the files of this folder from the banking tickets: every 43rd, in their order.

    Samples/banking/extract.py cases_banking77.jsonl

The source has one JSON object a line: item, text, n_words, gold (the true intent), and ai and conf
(what a small model said about a ticket that it had not been trained on). Every 43rd ticket is a fair
picture of all 13,083, because they stand in the order of their intents. Nothing here is drawn at
random: the same source gives the same files, byte for byte.

cases.jsonl is what a caller sends, gold.csv the truth, and ana.jsonl and ben.jsonl are what two people say
of the first 120, for `countersign decide`: ana is always right, ben follows the model into every second of
its mistakes.
"""
import csv
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
STEP = 43
ANSWERED = 120
CHANNELS = ["web", "phone", "branch"]


def case(row):
    """One ticket as the system that routes tickets sends it."""
    name = f"B-{row['item']:05}"
    return {
        "workflow": "banking",
        "id": name,
        "title": f"Send ticket {name} to {row['ai']}",
        "neutralTitle": f"Ticket {name}",
        "subject": f"customer:{row['item'] * 7919 % 10007}",
        "input": {"text": row["text"]},
        "output": {"intent": row["ai"]},
        "label": row["ai"],
        "confidence": row["conf"],
        "model": {"id": "intents", "version": "2026-10-01"},
        "attributes": {
            "words": row["n_words"],
            "channel": CHANNELS[row["item"] % len(CHANNELS)],
        },
        "action": {"state": "proposed", "reversal": "visible"},
    }


def answers(rows, person):
    """What a person says of each ticket; where they overrule the model, with their reason."""
    mistakes = 0
    for row in rows[:ANSWERED]:
        wrong = row["gold"] != row["ai"]
        mistakes += wrong
        answer = {"case": f"banking/B-{row['item']:05}", "label": row["gold"]}
        if wrong and person == "ben" and mistakes % 2:
            answer["label"] = row["ai"]
        elif wrong:
            answer["reason"] = "wrong-intent"
        yield answer | {"key": f"{person}-{row['item']}"}


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} cases_banking77.jsonl")
    with open(sys.argv[1], encoding="utf-8") as source:
        rows = [json.loads(line) for line in source][::STEP]
    with open(HERE / "cases.jsonl", "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(case(row), ensure_ascii=False) + "\n")
    with open(HERE / "gold.csv", "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["case", "gold", "ai"])
        writer.writerows([f"banking/B-{r['item']:05}", r["gold"], r["ai"]] for r in rows)
    for person in ("ana", "ben"):
        with open(HERE / f"{person}.jsonl", "w", encoding="utf-8") as out:
            out.writelines(json.dumps(answer) + "\n" for answer in answers(rows, person))
    print(f"{len(rows)} cases, {sum(r['gold'] == r['ai'] for r in rows)} of them right")


main()
