"""Who works in the demo houses. Their addresses end in `.example`, which no mail ever reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from respite.accounts.roles import Role

PASSWORD = "warm soup and a quiet porch"  # noqa: S105  (printed by `demo welcome`; production refuses these accounts)
DOMAIN = "juniper.example"


@dataclass(frozen=True, slots=True)
class Someone:
    name: str
    account: str
    role: Role
    language: str = "en"

    @property
    def email(self) -> str:
        return f"{self.account}@{DOMAIN}"


DANA = Someone("Dana", "dana", Role.COORDINATOR)
LUIS = Someone("Luis", "luis", Role.PEER, "es")
MEI = Someone("Mei", "mei", Role.PEER)
ANA = Someone("Ana", "ana", Role.PEER, "es")
MARISOL = Someone("Marisol", "marisol", Role.COORDINATOR, "es")

JUNIPER = (
    DANA,
    LUIS,
    Someone("Priya", "priya", Role.SUPERVISOR),
    MEI,
    Someone("Tom", "tom", Role.PEER),
    ANA,
)
ENEBRO = (MARISOL, Someone("Beto", "beto", Role.PEER, "es"), Someone("Inés", "ines", Role.PEER, "es"), LUIS)


def everybody() -> Iterable[Someone]:
    return dict.fromkeys((*JUNIPER, *ENEBRO))
