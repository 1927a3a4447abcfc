"""What may go wrong with a call, chosen by a script: is the message taken and, apart from that, what is said.

accept  "now", "no", or so many seconds later on Twilio's own clock; when a rule does not say, "no" with error, problem,
        error-page and the resets, else "now"
answer  created         the proper answer: 201 and the message, or the refusal that the form deserves; 200 elsewhere
        created-cut     201 whose JSON stops in the middle (its length is announced truly)
        created-broken  201 whose connection ends before the announced length
        page            200 with HTML
        error           JSON {code, message, more_info, status} with `http` (500), `code`, `retry_after`
        error-page      HTML with `http` (502)
        problem         JSON of RFC 9457 with `http` and `code`
        reset           the connection is reset when all was read
        reset-before    the connection is reset with the body unread; such a rule names no `to`, `body` or `has`
        hang            nothing for `hang` seconds of the machine, then the connection ends without a word
delay   seconds of the machine before the answer (any answer)
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

ANSWERS = frozenset("created created-cut created-broken page error error-page problem reset reset-before hang".split())
NOT_TAKEN = frozenset("error error-page problem reset reset-before".split())
CALLS = frozenset("create list fetch update any".split())


@dataclass(frozen=True)
class Step:
    """One status in a message's life: so many seconds of Twilio's clock after it was accepted."""

    after: float
    status: str
    error_code: int | None = None
    times: int = 1  # callbacks for it, all at once
    silent: bool = False  # no callback; only who asks sees it


DEFAULT_PLAN = (Step(0.02, "queued"), Step(0.05, "sent"), Step(0.1, "delivered"))


def plan_from(steps: Sequence[Mapping[str, Any]] | None) -> tuple[Step, ...] | None:
    return None if steps is None else tuple(Step(**step) for step in steps)


@dataclass(frozen=True)
class Fault:
    accept: str | float = ""  # by the answer
    answer: str = "created"
    http: int | None = None
    code: int | None = None
    retry_after: int | None = None
    delay: float = 0.0
    hang: float = 30.0
    plan: tuple[Step, ...] | None = None

    def __post_init__(self) -> None:
        if self.answer not in ANSWERS:
            raise ValueError(f"no such answer: {self.answer}")
        if self.accept == "":
            object.__setattr__(self, "accept", "no" if self.answer in NOT_TAKEN else "now")
        if isinstance(self.accept, str) and self.accept not in ("now", "no"):
            raise ValueError(f"accept is now, no or seconds, not {self.accept}")

    @property
    def late(self) -> float:
        return 0.0 if isinstance(self.accept, str) else float(self.accept)

    def made_honest(self) -> Fault:
        """A whole 201 is about a message that there is (or will be); a clear refusal is about none."""
        refuses = self.answer in ("error", "problem") and (self.http or 500) < 500
        if refuses or self.answer == "reset-before":
            return replace(self, accept="no")
        if self.answer == "created" and self.accept == "no":
            return replace(self, accept="now")
        return self


NO_FAULT = Fault()


@dataclass
class Rule:
    """A fault for calls of one kind; to one number (`to`), with one body (`body`), with words in it (`has`)."""

    fault: Fault
    on: str = "create"
    to: str | None = None
    body: str | None = None
    has: str | None = None
    times: int | None = 1  # None: always
    skip: int = 0  # so many matching calls go well first
    probability: float = 1.0

    def __post_init__(self) -> None:
        if self.on not in CALLS:
            raise ValueError(f"no such call: {self.on}")
        if self.unread and (self.to, self.body, self.has) != (None, None, None):
            raise ValueError("what is reset before its form is read cannot be known by its form")

    def fits(self, on: str, to: str, body: str) -> bool:
        return (
            self.on in (on, "any")
            and self.to in (None, to)
            and self.body in (None, body)
            and (self.has is None or self.has in body)
        )

    def spent(self) -> bool:
        return self.times is not None and self.times <= 0

    @property
    def unread(self) -> bool:
        return self.fault.answer == "reset-before"


def rule_from(told: Mapping[str, Any]) -> Rule:
    """A rule from one flat mapping, as it comes over the control address. Raises TypeError for a name that is none."""
    of_fault = {each.name for each in fields(Fault)}
    fault = {name: value for name, value in told.items() if name in of_fault}
    if "plan" in fault:
        fault["plan"] = plan_from(fault["plan"])
    return Rule(Fault(**fault), **{name: value for name, value in told.items() if name not in of_fault})


@dataclass(frozen=True)
class Weather:
    """Faults by chance: weights for accepting (now, no, late) and, independently, for each answer."""

    accept: Mapping[str, float] = field(default_factory=lambda: {"now": 1.0})
    answer: Mapping[str, float] = field(default_factory=lambda: {"created": 1.0})
    late: tuple[float, float] = (1.0, 30.0)
    http: int | None = None
    code: int | None = None
    retry_after: int | None = None
    delay: tuple[float, float] = (0.0, 0.0)
    hang: float = 30.0
    honest: bool = True

    def fault(self, chance: random.Random) -> Fault:
        accept: str | float = chance.choices(list(self.accept), list(self.accept.values()))[0]
        if accept == "late":
            accept = chance.uniform(*self.late)
        answer = chance.choices(list(self.answer), list(self.answer.values()))[0]
        delay = chance.uniform(*self.delay)
        fault = Fault(accept, answer, self.http, self.code, self.retry_after, delay, self.hang)
        return fault.made_honest() if self.honest else fault


@dataclass
class Script:
    """Rules in their order, then the weather. What chance decides depends on the seed and the call, not on threads."""

    seed: int | str = 0
    rules: list[Rule] = field(default_factory=list)
    weather: Weather | None = None
    _calls: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def choose(self, on: str, to: str = "", body: str = "") -> Fault:
        self._calls[on, to, body] += 1
        chance = random.Random(f"{self.seed}/{on}/{to}/{body}/{self._calls[on, to, body]}")
        found = self._by_rule(on, to, body, chance, unread=False)
        if found is not None:
            return found
        return self.weather.fault(chance) if self.weather and on == "create" else NO_FAULT

    def _by_rule(self, on: str, to: str, body: str, chance: random.Random, *, unread: bool) -> Fault | None:
        for rule in self.rules:
            if rule.unread != unread or rule.spent() or not rule.fits(on, to, body):
                continue
            if chance.random() >= rule.probability:
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
            return rule.fault
        return None

    def before_body(self, on: str) -> bool:
        """Whether this call is to be reset with its form unread; spends the rule."""
        self._calls[on, "", ""] += 1
        chance = random.Random(f"{self.seed}/{on}/unread/{self._calls[on, '', '']}")
        return self._by_rule(on, "", "", chance, unread=True) is not None
