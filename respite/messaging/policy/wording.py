"""The wording gate: somebody else may hold the telephone, so no text says what place this is or how anybody is.

A text may hold first names, the house's neutral registered name, its telephone and links to its own address
(42 CFR 2.13; carriers refuse public shorteners). What a gate like this cannot see, such as a date of a stay or another
guest's name in free text, templates have no field for, and people are told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from respite.messaging.policy.patterns import one_of
from respite.messaging.policy.segments import LONGEST, count, tidy

Kind = Literal["programme-word", "health-word", "link", "too-long", "empty"]


@dataclass(frozen=True)
class Wrong:
    """`what` is the word or the link as it stands, or for a text that is too long its segments."""

    kind: Kind
    what: str


def wrong_in(
    text: str, *, own_hosts: Collection[str], most_segments: int = 3, may_name_988: bool = False
) -> tuple[Wrong, ...]:
    """What keeps a text from leaving, each once, in a fixed order; nothing where it may leave.

    `own_hosts` are hosts, with or without a port. `may_name_988` is for answers to somebody's own text.
    """
    if not tidy(text).strip():
        return (Wrong("empty", ""),)
    own = frozenset(_host(f"//{host}") for host in own_hosts) - _SHORTENERS
    links = [link[0].rstrip(".,;:!?)'\"") for link in _LINK.finditer(text)]
    foreign = [link for link in links if _host(link if "//" in link else f"//{link}") not in own or "@" in link]
    words = _LINK.sub(lambda link: link[0] if link[0].rstrip(".,;:!?)'\"") in foreign else " ", text)
    health = _HEALTH if may_name_988 else (*_HEALTH, _LINES)
    segments = count(text).segments
    found = [
        *(Wrong("programme-word", word) for word in _matches(words, _PROGRAMME)),
        *(Wrong("health-word", word) for word in _matches(words, health)),
        *(Wrong("link", link) for link in foreign),
    ]
    if segments > most_segments or len(text) > LONGEST:
        found.append(Wrong("too-long", str(segments)))
    return tuple(dict.fromkeys(found))


def _matches(text: str, patterns: Collection[re.Pattern[str]]) -> Iterator[str]:
    """The forbidden words, as they stand in the text, in order."""
    seen, at = _bare(text)
    found = {(match.start(), match.end()) for pattern in patterns for match in pattern.finditer(seen)}
    yield from (text[at[begin] : at[end - 1] + 1] for begin, end in sorted(found))


def _bare(text: str) -> tuple[str, list[int]]:
    """The text in small letters without accents, and where in the text each of its letters stands.

    A letter of another alphabet that looks like one of ours reads as ours to whoever holds the telephone.
    """
    bare, at = [], []
    for place, letter in enumerate(text):
        ours = unicodedata.normalize("NFKD", letter).translate(_LOOKS_LIKE)
        for part in unicodedata.normalize("NFKD", ours.casefold()):
            if not unicodedata.combining(part):
                bare.append("'" if part == "’" else " " if part.isspace() else part)
                at.append(place)
    return "".join(bare), at


#: Greek and Cyrillic letters, and a few odd ones, beside the letters they look like; capitals by their own shape.
_LOOKS_LIKE = str.maketrans(
    "αβγεικνορτυχωςϲΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹавекмнорстухіїјѕһԁԛԝѵӏьАВЕКМНОРСТУХІЇЈЅҺԀԚԜѴӀЅıɑɡɩʀɴʟ",
    "abyeiknoptuxwccABEZHIKMNOPTYXCabekmhopctyxiijshdqwvlbABEKMHOPCTYXIIJSHDQWVISiagirnl",
)


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").rstrip(".")
    except ValueError:  # "//[" is no address
        return ""


# -- links -------------------------------------------------------------------------------------------------------

#: Endings that phones make a link of without being asked. Words that people write after a full stop without a space
#: ("ok.so", "to.me") only count with a path behind them.
_ENDINGS = one_of(
    "com, org, net, edu, gov, mil, info, biz, app, dev, io, co, us, uk, ca, mx, tv, ly, gl, gd, cc, ws, ai, xyz"
)
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+"
    rf"|(?<![\w.@-])(?:[\w.+-]+@)?(?:[\w-]+\.)+(?:{_ENDINGS}\b(?:[:/?#]\S*)?|[a-z]{{2,}}(?:/|:\d)\S*)",
    re.IGNORECASE,
)
_SHORTENERS = frozenset(
    """bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly t.ly shorturl.at tiny.cc rb.gy
    lnkd.in s.id v.gd bl.ink short.io soo.gd tiny.one""".split()
)


# -- words -------------------------------------------------------------------------------------------------------


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){one_of(words)}(?!\w)")


_PROGRAMME = (
    _words(
        r"""respites?, crisis, crises, recovery, recovering, shelters?, treatments?, clinics?, clinical, clinicians?,
        hospitals?, hospitali[sz]\w+, programs?, programmes?, facility, facilities, rehab, rehabilitation, detox\w*,
        inpatient, in-patient, outpatient, out-patient, residential, (?:psych|locked) (?:ward|unit), patients?,
        clients?, consumers?, case (?:manager|management|worker|plan)s?, caseworkers?, social workers?,
        counsel(?:l?or|l?ing)s?, therap\w+, psychiatr\w+, psycholog\w+, psychotherap\w+, admission, admitted,
        discharge[ds]?, intake, peer support, peer (?:respite|specialist|counselor)s?, support groups?,
        halfway house, sober (?:living|house), group home, living room program, behavioral,
        (?:your|my|his|her|their|our|the|a|this|that|last|first|next|during|after) stay,
        (?:your|their|our|past|previous) stays, stay (?:with us|at (?:the|our)), stayed (?:with|at|here),
        staying (?:with us|here|at (?:the|our)),
        emergency room, 72 hour hold"""
    ),
    _words(
        r"""casas? de respiro, crisis, recuperacion, (?:el|un|del|al|este) refugio, refugios, albergues?, tratamientos?,
        clinic[oa]s?, hospital(?:es)?, hospitali[zs]\w+, programas?, rehabilitacion, desintoxicacion,
        internad[oa]s?, internamiento, pacientes?, client[ea]s?, terapias?, terapeutas?, terapeutic\w+,
        psiquiatr\w+, psicolog\w+, psicoterap\w+, consejer[oa]s?, trabajador[a]? social, ingreso, ingresos,
        (?:tu|su|la|una|esta|mi) (?:estadia|estancia), estadias?, estancias?,
        (?:dar|dado|dada|dieron|te dan|le dan) de alta, alta medica, grupos? de apoyo, apoyo entre pares,
        centro de (?:salud|crisis|dia|tratamiento), sala de (?:emergencias?|urgencias)"""
    ),
)
_HEALTH = (
    _words(
        r"""diagnos\w+, medications?, medicines?, medical, medicaid, medicare, meds, medicated, prescriptions?, pills?,
        dosage, doses?, pharmacy, suicid\w+, self[- ]?harm\w*, self[- ]?injur\w+, overdos\w+,
        kill (?:yourself|myself), mental health, mental(?:ly)? (?:ill|illness|illnesses|condition)s?, health ?care,
        health (?:condition|issue|problem)s?, psychos[ie]s, psychotic, schizo\w+, bipolar, borderline, depression,
        depressed, depressive, antidepressants?, anxiety, panic (?:attack|disorder)s?, ptsd, trauma, traumas,
        traumatic, traumati[sz]ed, addict\w*, alcohol\w*, sober, sobriety, substance (?:use|abuse|misuse), drugs?,
        withdrawals?, relapse\w*, symptoms?, disorders?, illness\w*, disease\w*, disabilit\w+, hiv, aids, hepatitis,
        pregnan\w+, hallucinat\w+, paranoi\w+, manic, mania, delusion\w*, cutting yourself, eating disorder,
        anorexi\w+, bulimi\w+, doctors?, nurses?, methadone, suboxone, naloxone, narcan, opioids?, heroin, fentanyl,
        meth, cocaine, lithium, hears? voices, hearing voices"""
    ),
    _words(
        r"""diagnostic\w+, medicamentos?, medicinas?, medic[oa]s?, medicacion, pastillas?, recetas? medicas?, dosis,
        farmacia, suicid\w+, autolesi\w+, sobredosis, salud mental, enfermedad(?:es)?, enferm[oa]s?, enfermer[oa]s?,
        esquizo\w+, psicosis, psicotic\w+, depresion, deprimid[oa]s?, depresiv\w+, ansiedad, ataques? de panico,
        traumas?, traumatic\w+, adiccion\w*, adict[oa]s?, alcoholi\w+, alcohol, drogas?, drogadict\w+, sobriedad,
        recaidas?, sintomas?, trastornos?, discapacidad\w*, vih, sida, embaraz\w+, alucina\w+, paranoi\w+,
        delirios?, doctor[a]?, doctores, metadona, opioides?, heroina, fentanilo, cocaina, oir voces"""
    ),
)
#: What only an answer to somebody's own text may name.
_LINES = _words(
    r"""(?<!\d[-. ])(?<!\) )988(?![-. ]\d), hot ?lines?, help ?lines?, lifelines?, crisis lines?,
    lineas? de (?:ayuda|crisis|vida)"""
)
