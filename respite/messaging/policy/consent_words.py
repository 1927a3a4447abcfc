"""The sentences that ask for a yes, read out or shown exactly as they stand here.

A yes names the version of its sentence, so a version is never changed: other words are a new one, added at the end.
They are in the language of whoever is asked, not of whoever reads them out, hence no catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping

from respite.messaging.purposes import Purpose

# What a sentence ends with. A yes is never a condition of anything.
_END_1 = {
    "en": "Message and data rates may apply. Reply STOP at any time to end all texts, or HELP for help. "
    "You can say no, and nothing else changes.",
    "es": "Pueden aplicarse tarifas de mensajes y datos. Responde STOP en cualquier momento para terminar todos los "
    "mensajes, o HELP para recibir ayuda. Puedes decir que no, y nada más cambia.",
}


def _asking(en: str, es: str, end: Mapping[str, str]) -> Mapping[str, str]:
    return {"en": f"{en} {end['en']}", "es": f"{es} {end['es']}"}


#: By purpose, the versions in order from 1, each by language. `{brand}` is the house's name in texts.
SENTENCES: Mapping[Purpose, tuple[Mapping[str, str], ...]] = {
    Purpose.FOLLOW_UP: (
        _asking(
            "May {brand} text this number to ask how things are going for you? "
            "Up to four texts, in the month after you leave.",
            "¿Puede {brand} escribirte a este número para preguntarte cómo te va? "
            "Hasta cuatro mensajes, en el mes después de que te vayas.",
            _END_1,
        ),
        _asking(
            "May {brand} text this number to ask how things are going for you? "
            "Up to six texts in the three months after you leave; you choose which.",
            "¿Puede {brand} escribirte a este número para preguntarte cómo te va? "
            "Hasta seis mensajes en los tres meses después de que te vayas; tú eliges cuáles.",
            _END_1,
        ),
    ),
    Purpose.CONNECTIONS: (
        _asking(
            "May {brand} text this number about the places and people you ask us about? A text or two for each.",
            "¿Puede {brand} escribirte a este número sobre los lugares y las personas por los que preguntes? "
            "Uno o dos mensajes por cada uno.",
            _END_1,
        ),
    ),
    Purpose.CARING: (
        _asking(
            "May {brand} text this number with a kind word now and then? "
            "Up to seven texts over a year, and none of them needs an answer.",
            "¿Puede {brand} escribirte a este número unas palabras amables de vez en cuando? "
            "Hasta siete mensajes en un año, y ninguno necesita respuesta.",
            _END_1,
        ),
    ),
    Purpose.STAY: (
        _asking(
            "May {brand} text this number about the bed you asked for? Only when there is news of it.",
            "¿Puede {brand} escribirte a este número sobre la cama que pediste? Solo cuando haya novedades.",
            _END_1,
        ),
    ),
    Purpose.SHIFTS: (
        _asking(
            "May {brand} text this number about shifts: open ones, changes and reminders? A few a week.",
            "¿Puede {brand} escribirte a este número sobre los turnos: los libres, los cambios y los recordatorios? "
            "Unos pocos por semana.",
            _END_1,
        ),
    ),
    Purpose.DUTY: (
        _asking(
            "May {brand} text this number about a shift of yours that is about to begin or is on, and while you are on "
            "call? At any hour.",
            "¿Puede {brand} escribirte a este número sobre un turno tuyo que está por empezar o en curso, y mientras "
            "estés de guardia? A cualquier hora.",
            _END_1,
        ),
    ),
    Purpose.HANDOFF: (
        _asking(
            "May {brand} text this number when a shift is handed over to you? One text for each of your shifts.",
            "¿Puede {brand} escribirte a este número cuando se te entregue un turno? Un mensaje por cada turno tuyo.",
            _END_1,
        ),
    ),
    Purpose.READ_SOON: (
        _asking(
            "May {brand} text this number when something that came in should be read soon? "
            "At any hour, while you are on or on call.",
            "¿Puede {brand} escribirte a este número cuando algo que llegó deba leerse pronto? "
            "A cualquier hora, mientras estés de turno o de guardia.",
            _END_1,
        ),
    ),
}


def version_of(purpose: Purpose) -> int:
    """The version that is asked with today. Raises KeyError for a purpose that nobody is asked about."""
    return len(SENTENCES[purpose])


def sentence(purpose: Purpose, language: str, brand: str, version: int | None = None) -> str:
    """What is read out, today's version where none is named; in English where the language has no words.

    Raises KeyError for a purpose that nobody is asked about, IndexError for a version that never was.
    """
    number = version_of(purpose) if version is None else version
    if number < 1:
        raise IndexError(number)
    words = SENTENCES[purpose][number - 1]
    return words.get(language, words["en"]).replace("{brand}", brand)
