"""What the demo houses ask of their peers, and what some of them hold or are on the way to."""

from __future__ import annotations

from datetime import datetime

from respite.cli.demo.story import DAY
from respite.cli.demo.telling import Teller
from respite.staffing.policy.credentials import Hours, Kind, RuleSet, Sort
from respite.staffing.policy.together import How, Value
from respite.staffing.service import credential_rules, together, training
from respite.staffing.service import credentials as service

COLORADO = "colorado-cpfs"
LEARNED = (("Advocacy", 10, 40), ("Recovery and wellness", 10, 33), ("Ethics", 16, 19), ("", 8, 15))


def tell_credentials(teller: Teller, at: datetime) -> None:
    """Colorado's certificate and a training of the house: one peer's runs out this season, one is on the way."""
    story, lead, today = teller.story, teller.lead, teller.moment.today
    priya, mei, tom = (story.people[name] for name in ("Priya", "Mei", "Tom"))
    house_id = story.house_id

    def rules(now: datetime) -> None:
        credential_rules.start_from(lead, house_id, COLORADO, now=now)
        nights = credential_rules.Wanted(
            kind=Kind.TRAINING,
            name="Nights alone",
            issuer="",
            issuer_until=None,
            rules=RuleSet(initial=Hours(8 * 60), valid_months=24, needed_by=("peer", "supervisor")),
        )
        credential_rules.add_rules(lead, house_id, nights, since=today - 60 * DAY, now=now)

    def certificates(now: datetime) -> None:
        for who, given, runs_out in ((priya, 655, 76), (mei, 210, 520)):
            service.add_credential(
                who,
                house_id,
                who.id,
                slug=COLORADO,
                issued_on=today - given * DAY,
                expires_on=today + runs_out * DAY,
                now=now,
            )
        service.add_credential(tom, house_id, tom.id, slug=COLORADO, now=now)

    def hours(now: datetime) -> None:
        for category, count, ago in LEARNED:
            day = today - ago * DAY
            training.add_training(
                tom, house_id, tom.id, slug=COLORADO, category=category, minutes=count * 60, day=day, now=now
            )
        work, day = 310 * 60, today - 200 * DAY
        training.add_training(tom, house_id, tom.id, slug=COLORADO, sort=Sort.WORK, minutes=work, day=day, now=now)
        for who in (priya, mei):
            training.add_training(
                lead, house_id, who.id, slug="nights-alone", minutes=8 * 60, day=today - 50 * DAY, now=now
            )

    def supervision(now: datetime) -> None:
        for ago, minutes, value in ((11, 60, Value.MUTUAL), (4, 45, None)):
            together.add_time(
                priya, house_id, people=[tom.id], with_person_id=priya.id, kind=How.INDIVIDUAL, minutes=minutes,
                day=today - ago * DAY, value=value, now=now,
            )  # fmt: skip

    for act in (rules, certificates, hours):
        story.tell(at, act)
    story.tell(teller.moment.on(-1, "16:00"), supervision)
