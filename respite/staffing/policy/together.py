"""Supervision and co-reflection: how two people can meet, and the values they may have talked about."""

from __future__ import annotations

from enum import StrEnum

LONGEST_WORDS = 4000


class How(StrEnum):
    INDIVIDUAL = "individual"
    GROUP = "group"
    CO_REFLECTION = "co-reflection"  # two who learn together; no hours of supervision


class Value(StrEnum):
    """The twelve values of the National Practice Guidelines for Peer Supporters (N.A.P.S.)."""

    VOLUNTARY = "voluntary"
    HOPEFUL = "hopeful"
    OPEN_MINDED = "open-minded"
    EMPATHETIC = "empathetic"
    RESPECTFUL = "respectful"
    CHANGE = "change"
    HONEST = "honest"
    MUTUAL = "mutual"
    SHARED_POWER = "shared-power"
    STRENGTHS = "strengths"
    TRANSPARENT = "transparent"
    PERSON_DRIVEN = "person-driven"
