"""When kind words come, which of them the house opens, and what stands in the way of a peer's words. Pure."""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from respite.houses.policy.house_time import ONE_DAY, day_begins, local
from respite.messaging.policy.hours import Hours, closes_at, next_open
from respite.messaging.policy.patterns import one_of
from respite.messaging.policy.segments import count, tidy
from respite.messaging.policy.wording import wrong_in

#: All that a house may choose from, in order, and what it begins with.
STEPS = ("w1", "w2", *(f"m{n}" for n in range(1, 13)))
FIRST_STEPS = ("w1", "m1", "m2", "m3", "m4", "m6", "m8", "m10", "m12")
FEWEST = 3  # the first says when somebody reads, the last but one that one more comes, the last ends it
LONGEST_WORDS, MOST_SEGMENTS = 300, 3
#: From the leaving on, as long as it is not much longer ago.
COUNTED_FROM_LEAVING = timedelta(days=5)
#: What was missed for longer is not made up for.
LATE = timedelta(days=3)


class State(StrEnum):
    WAITS = "waits"
    LEFT = "left"
    SKIPPED = "skipped"


class Why(StrEnum):
    """How it ended."""

    DONE = "done"
    ASKED = "asked"  # no yes stands any more: taken back, STOP, another number
    DIED = "died"
    HOUSE = "house"  # nobody is left who was there


class Part(StrEnum):
    """Which of them the house opens with words of its own: those of the template."""

    FIRST = "caring-first"
    NEARLY = "caring-5"
    LAST = "caring-6"


#: The first one to somebody who asked for discreet words.
DISCREET_FIRST = "caring-discreet"
#: Words to begin with, for those that the house does not open.
IDEAS = ("caring-1", "caring-2", "caring-3", "caring-4")


def part_of(place: int, of: int) -> Part | None:
    if place == 0:
        return Part.FIRST
    return {of - 1: Part.LAST, of - 2: Part.NEARLY}.get(place)


def day_of(left_on: date, step: str) -> date:
    """So many weeks or months after the day somebody left; the last of a month that has no such day."""
    n = int(step[1:])
    if step[0] == "w":
        return left_on + n * 7 * ONE_DAY
    month = left_on.month - 1 + n
    year, month = left_on.year + month // 12, month % 12 + 1
    return date(year, month, min(left_on.day, calendar.monthrange(year, month)[1]))


def at_on(day: date, hours: Hours, zones: Sequence[str], seed: bytes) -> datetime:
    """An instant of that day in hours that are fit in each of the zones, its own for each seed.

    Where that day has none, of the next that does; noon in the first zone where no day has.
    """
    begins = day_begins(day, zones[0])
    opens = next_open(begins, hours, zones)
    if opens is None:
        return begins + timedelta(hours=12)
    closes = closes_at(opens, hours, zones)
    room = max(0, int((closes - opens).total_seconds()) - 1800)
    if room == 0:
        return opens
    return opens + timedelta(seconds=int.from_bytes(hashlib.sha256(seed).digest()[:8]) % room)


def counted_from(left_at: datetime, now: datetime, zone: str) -> date:
    """From the day they left, or from today where that is long ago."""
    return local(left_at if now - left_at <= COUNTED_FROM_LEAVING else now, zone).date()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a peer's words may not leave so: a kind and what it is about."""

    kind: str
    what: str = ""


def faults_in(words: str, whole: str) -> tuple[Fault, ...]:
    """What stands in the way of `words`, and of `whole`, the text as it would leave with them."""
    found = [Fault(wrong.kind, wrong.what) for wrong in wrong_in(words, own_hosts=())]
    if "?" in words or "¿" in words:
        found.append(Fault("question"))
    bare = tidy(words).casefold()
    for kind, pattern in (("advice", _ADVICE), ("appointment", _APPOINTMENT), ("number", _NUMBER)):
        match = pattern.search(bare)
        if match is not None:
            found.append(Fault(kind, match[0].strip()))
    odd = "".join(dict.fromkeys(letter for letter in tidy(words) if not _is_plain(letter)))
    if odd:
        found.append(Fault("odd-letters", odd))
    segments = count(tidy(whole)).segments
    if segments > MOST_SEGMENTS and not any(fault.kind == "too-long" for fault in found):
        found.append(Fault("too-long", str(segments)))
    return tuple(dict.fromkeys(found))


def named_in(words: str, *names: str) -> tuple[Fault, ...]:
    """Names that discreet words leave out."""
    bare = tidy(words).casefold()
    whole_words = {name: rf"(?<!\w){re.escape(tidy(name).casefold())}(?!\w)" for name in names if name}
    return tuple(Fault("named", name) for name, pattern in whole_words.items() if re.search(pattern, bare))


def _is_plain(letter: str) -> bool:
    """Letters that every phone shows: those of the networks' own alphabet, and Spanish ones."""
    return letter in "áíóúÁÍÓÚ" or count(letter).encoding == "gsm-7"


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){one_of(words)}(?!\w)")


_ADVICE = _words(
    r"""you (?:should|must|need to|have to|ought to|could try), make sure, remember to, do(?:n't| not) forget, try to,
    take care to, hope (?:you're|you are|you feel) (?:well|ok|okay|better|fine),
    please (?:call|write|come|answer|reply), let us know, let me know, (?:usted )?(?:debe|deber[ií]a|debes|deber[ií]as),
    tienes? que, hay que, recuerd[ae],
    acu[eé]rd(?:ate|ese) de, no (?:te )?olvid(?:es|e), trat[ae] de, aseg[uú]r(?:ate|ese), espero que est[eé]s? bien,
    por favor (?:llama|llame|escribe|escriba|ven|venga|contesta|conteste), av[ií]s(?:a|anos|enos|ame|eme)"""
)
_APPOINTMENT = _words(
    r"""appointments?, schedule[ds]?, meetings?, deadlines?, follow[- ]?up, check[- ]?in, visit us, come (?:back|by|in),
    citas?, reuni[oó]n(?:es)?, fecha l[ií]mite, seguimiento, horario, vis[ií]t(?:anos|enos), vuelv[ae] a"""
)
_NUMBER = re.compile(r"\d[\d .()/-]*\d")
