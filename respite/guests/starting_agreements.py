"""Words that a house can begin its agreements with, in both languages.

What is agreed on differs from house to house: nothing of it stands until somebody took it, and then it is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import force_locale
from flask_babel import gettext as _

from respite.core.views import LANGUAGES
from respite.guests.models import Topic

STARTERS = (Topic.COMMUNITY, Topic.KEPT)


def starting_words(topic: Topic) -> Mapping[str, str]:
    """By language; none for a topic that has none."""
    if topic not in STARTERS:
        return {}
    said = {}
    for language in LANGUAGES:
        with force_locale(language):
            said[language] = "\n\n".join(_living_together() if topic == Topic.COMMUNITY else _what_is_kept())
    return said


def _living_together() -> tuple[str, ...]:
    return (
        _("This is a home. These are the things we agree on, so that all who stay can rest in it."),
        _("We are kind to each other, on a hard day too. Nobody is hit, pushed, or shouted at."),
        _("Who is here, and what they tell us, stays in this house. We take no pictures of each other."),
        _("A room is for whoever sleeps in it. We knock, and we wait for a yes."),
        _("We cook and clean up together, each of us as we can. We wash our own dishes and clothes."),
        _("We look after our own medicines. They stay in a locked box, and the key is yours."),
        _("We bring no alcohol, no drugs, and no weapons. We smoke outside."),
        _("At night we keep it quiet, so that all can sleep."),
        _("You can go out and come back. If you will be away for a night, please tell one of us."),
        _("Friends and family can visit you in the rooms we share, if they agree to this too."),
        _("If one of these is hard for you, please say so. We look for a way with you."),
        _("If something goes wrong between us, we talk about it. You can ask somebody to sit with you."),
    )


def _what_is_kept() -> tuple[str, ...]:
    return (
        _("We write down little. All of it is on your own page, and one of us can read it with you."),
        _("We keep the name you gave us, your nights here, and what you told us or wrote."),
        _("We never write down an illness, what medicines you take, or what we think of you."),
        _("Your plan is yours. We read a part of it only if you share it."),
        _("Those of us who work here can read the rest. Your page shows you who looked, and when."),
        _("We give none of it to anybody outside, unless you ask us to. If a law makes us, we tell you."),
        _("We text you only if you said yes. You can end that at any time."),
        _("We count nights for those who pay for this house. No name goes with it."),
        _("You can change it, take it home, or ask us to forget you."),
    )
