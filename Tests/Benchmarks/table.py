"""One row of the table of costs: what was measured, beside what, and whether it is good enough."""


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


class Row:
    def __init__(self, what, value, unit, goal=None, less=False, beside=None, note=""):
        """`less` where less is better; `beside` is a bare thing's value with its name."""
        self.what, self.value, self.unit, self.goal, self.less = what, value, unit, goal, less
        self.beside, self.note = beside, note

    @property
    def verdict(self):
        if self.goal is None:
            return ""
        met = self.value <= self.goal if self.less else self.value >= self.goal
        if met:
            return f"goal {number(self.goal)}: met"
        off = self.value / self.goal if self.less else self.goal / self.value
        return f"goal {number(self.goal)}: MISSED by {off:.2f} times"

    @property
    def comparison(self):
        if self.beside is None:
            return ""
        value, name = self.beside
        return f"{name} {number(value)}, ratio {self.value / value:.2f}"

    def __str__(self):
        parts = [self.comparison, self.verdict, self.note]
        return f"{self.what:20} {number(self.value):>9} {self.unit:12} " + "; ".join(filter(None, parts))
