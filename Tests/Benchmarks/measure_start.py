"""How long `status` takes, from start to end."""
from fixture import fixture, verdicts
from table import Row
from yardsticks import middle

TIMES = 40


def rows(quick):
    count = 5_000 if quick else 50_000
    with fixture() as here:
        here.enrol()
        here.intake(count)
        here.sync("ana")
        here.node("ana", "decide", stdin=verdicts(count // 5))
        nothing = middle(TIMES, lambda: here.run("true"))
        status = middle(TIMES, lambda: here.node("ana", "status"))
        yield Row("status", status, "ms", goal=30, less=True, beside=(nothing, "`true`, ms"),
                  note=f"{count} cases, {count // 5} verdicts that wait")
