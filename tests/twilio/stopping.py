"""STOP, START and HELP as Twilio hears them: the whole body, in any case; marks around it make it another word."""

from __future__ import annotations

STOP = frozenset("STOP UNSUBSCRIBE END QUIT STOPALL REVOKE OPTOUT CANCEL".split())
START = frozenset("START UNSTOP YES".split())
HELP = frozenset("HELP INFO".split())

REPLIES = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def heard(body: str) -> str | None:
    """STOP, START, HELP, or nothing of the kind."""
    word = body.strip().upper()
    for name, words in (("STOP", STOP), ("START", START), ("HELP", HELP)):
        if word in words:
            return name
    return None
