"""What to do about the errors that Twilio names (its pages api/errors/<code>).

Only for what certainly was not sent: a refusal at the door, or a text that came back failed or undelivered. A time-out
or a 5xx says nothing for certain and never comes here. Twilio warns that meanings may change, so a code nobody knows
goes to a person.
"""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    AGAIN_SOON = "again-soon"  # seconds to a few minutes
    AGAIN_LATER = "again-later"  # half an hour or more, inside the person's hours
    WAIT_A_DAY = "wait-a-day"  # a cap of the day is used up; somebody should know
    STOP_NUMBER = "stop-number"  # opted out at Twilio: nothing more goes to this number
    BAD_NUMBER = "bad-number"  # no telephone that takes texts; somebody should ask for the right one
    NOT_SENT = "not-sent"  # this text ends here, and a person sees it
    PAUSE = "pause"  # account, sender or settings: everything waits, one alarm
    BUG = "bug"  # we asked for what can never be: this text ends here, and who runs the house is told


_ACTS: dict[Act, tuple[int, ...]] = {
    Act.AGAIN_SOON: (
        20429,  # too many requests at once
        30008,  # unknown error at the carrier
        30017,  # congestion
        30410,  # the carrier did not answer in time
        30500,  # internal error
        63017,  # more messages a second than allowed
    ),
    Act.AGAIN_LATER: (
        21611,  # more than ten hours of messages wait at this sender
        30001,  # queue overflow
        30003,  # the handset is off or out of reach
        30022,  # faster than the campaign may send
        30036,  # the validity period ran out
        60728,  # the account's cap of the hour
    ),
    Act.WAIT_A_DAY: (
        30023,  # a carrier's cap of the day
        30027,  # T-Mobile's cap of the day
        63038,  # the account's cap of 24 hours
    ),
    Act.STOP_NUMBER: (21610,),
    Act.BAD_NUMBER: (
        21211,  # no valid number
        21614,  # not a mobile number
        21635,  # a landline
        30005,  # unknown handset: the number may be somebody else's soon
        30006,  # a landline or an unreachable carrier
    ),
    Act.NOT_SENT: (
        21408,  # that country is not switched on
        21608,  # a trial account may not text this number
        21612,  # no way from this sender to that number
        30004,  # the person's carrier blocks it
        30007,  # filtered for its words: never the same words again
        30450,  # taken for message pumping
        30610,  # Twilio's own quiet hours
        30640,  # Twilio's own list of people who sue
    ),
    Act.PAUSE: (
        20003,  # who we are is not believed
        20008,  # test credentials
        20404,  # no such account
        21212,  # no valid sender
        21603,  # no sender at all
        21606,  # the sender is not ours or cannot text
        21609,  # the address for statuses is no address Twilio can use
        21659,  # the sender is no Twilio number
        21660,  # the sender is another account's
        21661,  # the sender cannot text
        21703,  # the messaging service has no sender
        21704,  # the messaging service has no sender for this country
        21705,  # no such messaging service
        30002,  # account suspended
        30024,  # the sender is not yet known to the carriers
        30032,  # a toll-free sender that is not verified
        30034,  # a sender that is in no registered campaign
    ),
    Act.BUG: (
        21602,  # no words
        21604,  # nobody to send it to
        21605,  # too long
        21617,  # too long
        21619,  # neither words nor a picture
        *range(35110, 35119),  # a time to send that cannot be
        35125,  # too many scheduled messages
    ),
}
_ACT_OF = {code: act for act, codes in _ACTS.items() for code in codes}


def act_for(http: int | None, code: int | None) -> Act:
    """What to do when Twilio refused a new message for certain: a 4xx with a code, or 429 ("never processed")."""
    if code is not None and code in _ACT_OF:
        return _ACT_OF[code]
    if http == 429:
        return Act.AGAIN_SOON
    if http in (401, 403):
        return Act.PAUSE
    return Act.NOT_SENT


def act_after(code: int | None) -> Act:
    """What to do when a message that Twilio had taken came back failed or undelivered with this code."""
    return Act.NOT_SENT if code is None else _ACT_OF.get(code, Act.NOT_SENT)
