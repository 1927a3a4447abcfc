"""What a column of a spreadsheet can be, in words; and what it most likely is, by how it is headed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.crypto import folded
from respite.resources.hsds.sheet import PEERS, WORDS, fields

#: The fields that lists really have, in the order in which they are offered. All others stand by their names in HSDS.
USUAL: dict[str, Any] = {
    "service.name": _l("Name of the service"),
    "organization.name": _l("Organisation"),
    "service.description": _l("What it is"),
    "phone.number": _l("Telephone number"),
    "phone.description": _l("About the number"),
    "phone.extension": _l("Extension"),
    "service.email": _l("E-mail"),
    "service.url": _l("Website"),
    "address.address_1": _l("Street"),
    "address.address_2": _l("Second line of the address"),
    "address.city": _l("Town"),
    "address.state_province": _l("State"),
    "address.postal_code": _l("ZIP code"),
    "address.country": _l("Country, in two letters"),
    "location.name": _l("Name of the place"),
    "location.latitude": _l("Degrees north"),
    "location.longitude": _l("Degrees east"),
    "schedule.description": _l("Hours, in words"),
    "language.name": _l("Languages"),
    WORDS: _l("Kinds of help, for finding"),
    "service.eligibility_description": _l("For whom"),
    "service.application_process": _l("How to get in"),
    "service.fees_description": _l("What it costs"),
    "required_document.document": _l("What to bring"),
    "accessibility.description": _l("Ways of access"),
    "service_area.name": _l("Area it is for"),
    PEERS: _l("Run by peers (yes)"),
    "service.assured_date": _l("Day on which it was checked"),
    "service.id": _l("Its number in this list"),
    "organization.description": _l("About the organisation"),
    "organization.website": _l("Website of the organisation"),
}
#: How columns are headed, folded, in both languages.
_HEADED = {
    "service.name": "service program name servicio programa nombre",
    "organization.name": "agency organization organisation provider organización organizacion agencia",
    "service.description": "description about descripción descripcion",
    "phone.number": "phone telephone tel phone_number line teléfono telefono",
    "service.email": "email e-mail mail correo",
    "service.url": "url website web site sitio",
    "address.address_1": "address street address_1 street_address dirección direccion calle",
    "address.city": "city town ciudad",
    "address.state_province": "state st estado",
    "address.postal_code": "zip zip_code zipcode postal_code postcode código_postal",
    "schedule.description": "hours opening_hours schedule horario horas",
    "language.name": "language languages idioma idiomas",
    WORDS: "category categories type kind keywords for categoría categoria tipo",
    "service.eligibility_description": "eligibility who eligible elegibilidad",
    "service.fees_description": "cost fees fee price costo precio",
}
_BY_HEAD = {head.replace("_", " "): field for field, heads in _HEADED.items() for head in heads.split()}


def likely(columns: Iterable[str]) -> dict[str, str]:
    """What each column most likely is; each field once. A guess, to be looked over."""
    found: dict[str, str] = {}
    for column in columns:
        field = _BY_HEAD.get(folded(column).replace("_", " "))
        if field is not None and field not in found.values():
            found[column] = field
    if found and not {"service.name", "organization.name"} & set(found.values()):
        return {}
    return found


def offered_fields() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Every field as a choice, the usual ones first, under the heading of its group."""
    rest = [(field, field) for field in fields() if field not in USUAL]
    return [(_("Usual"), list(USUAL.items())), (_("By their names in HSDS"), rest)]
