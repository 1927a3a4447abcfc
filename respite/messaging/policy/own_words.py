"""A house's own words for a template, looked at as they would leave: filled in, counted, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from respite.messaging.policy.segments import Counted, count, tidy
from respite.messaging.policy.templates import Template, misfits, render
from respite.messaging.policy.wording import wrong_in

LONGEST = 480  # letters


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in the way of a wording: a kind of `wording.Wrong` or `templates.Misfit`, or `too-many-letters`."""

    kind: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A wording as it would leave; what was typed where it cannot be filled in."""

    words: str
    counted: Counted
    faults: tuple[Fault, ...]


def judged(typed: str, template: Template, *, fields: Mapping[str, str], own_hosts: Collection[str]) -> Judged:
    """Look at a wording as the gate will look at each text that is made of it. `fields` are all that it may have."""
    words = kept(typed)
    unfit = misfits(words, template) if words else ()
    faults = [Fault(each.kind, each.what) for each in unfit]
    if len(words) > LONGEST:
        faults.append(Fault("too-many-letters", str(LONGEST)))
    can_be_filled = not any(each.kind in ("mark", "unknown-field", "needs-brackets") for each in unfit)
    filled = tidy(render(words, fields)) if can_be_filled else words
    wrong = wrong_in(filled, own_hosts=own_hosts, may_name_988=True)
    return Judged(filled, count(filled), (*(Fault(each.kind, each.what) for each in wrong), *faults))


def kept(typed: str) -> str:
    """The words as they are kept: tidied, without room around them."""
    return tidy(typed).strip()
