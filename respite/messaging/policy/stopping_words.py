"""Whether somebody asks to stop, to start again, for help, or says that we have the wrong number.

The law takes any words that a reasonable person would read as "stop" (47 CFR 64.1200(a)(10)), in any language we
write in; so free text counts, and where two things may be meant, texts wait until a person has read it. What is about
somebody else ("I told him to stop texting me") never stops by itself, and what is about oneself ("I can't stop
crying") stops nothing. English and Spanish stand together, since people mix them; the words themselves are in
`stopping_table`.
"""

from __future__ import annotations

import re
from enum import StrEnum

from respite.messaging.policy import stopping_table as table
from respite.messaging.policy.heard import clauses, only_quotes_us, plain


class Means(StrEnum):
    STOP = "stop"  # nothing more goes to this number
    STOP_PERHAPS = "stop-perhaps"  # texts wait until a person has read it
    START = "start"
    HELP = "help"
    WRONG_NUMBER = "wrong-number"
    NOTHING = "nothing"


def meaning(body: str) -> Means:
    """What a text asks of the line itself. What else it says is for people, and for `danger_words`."""
    if only_quotes_us(body):
        return Means.NOTHING
    words = plain(body)
    if re.fullmatch(r"\w(?: \w)+", words):  # S T O P
        words = words.replace(" ", "")
    if words in table.START:
        return Means.START
    parts = clauses(body)
    if any(table.WRONG_NUMBER.search(part) and not table.OWN_MISTAKE.search(part) for part in parts):
        return Means.WRONG_NUMBER
    alone = _without_politeness(words)
    if alone in table.STOP:
        return Means.STOP
    found = {_asked_in(part) for part in parts}
    for means in (Means.STOP, Means.STOP_PERHAPS):
        if means in found:
            return means
    if _is_help(alone, table.AROUND_HELP) or any(_is_help(part, table.BESIDE_HELP) for part in parts):
        return Means.HELP
    return Means.STOP_PERHAPS if not words and table.STOP_SIGN.search(body) else Means.NOTHING


def _asked_in(part: str) -> Means:
    """What one clause of several, or a whole text with other words in it, says about stopping."""
    for pattern, negated in table.ASKED:
        for asked in pattern.finditer(part):
            before, after = part[: asked.start()], part[asked.end() :]
            if negated.search(before):
                continue
            unsure = table.OTHERS.search(before) or table.SOMETIMES.match(after)
            return Means.STOP_PERHAPS if unsure else Means.STOP
    for told in table.TOLD.finditer(part):
        before, after = part[: told.start()], part[told.end() :]
        if table.SAID_OF_US.search(before):  # "why don't you text me": they miss us
            continue
        sure = table.FOR_GOOD.fullmatch(after) and not table.OTHERS.search(before)
        return Means.STOP if sure else Means.STOP_PERHAPS
    alone = _without_politeness(part)
    perhaps = alone in table.STOP or alone in table.PERHAPS or table.PERHAPS_IN.search(table.HARMLESS.sub(" ", part))
    return Means.STOP_PERHAPS if perhaps else Means.NOTHING


def _without_politeness(words: str) -> str:
    """The words without what people put around a word that counts: please, now, thanks."""
    return " ".join(table.POLITE.sub(" ", words).split()) or words


def _is_help(words: str, around: frozenset[str]) -> bool:
    """Is it a call for help and nothing else? "Can you help me with the bus" is for a person to answer."""
    said = words.split()
    return not table.HELP.isdisjoint(said) and (table.HELP | around).issuperset(said)
