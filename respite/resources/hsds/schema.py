"""Whether a package is HSDS 3: names and forms of fields, what must be there, and that every pointer leads somewhere.

The project's own check of what it gives out; it knows every table of version 3, also those that the directory keeps
nothing of. Each field stands as `name`, with `!` where every object must have it and `+` where rows of tables must too,
and after a colon its form, where it is more than words.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

_OF = "organization_id:uuid service_id:uuid location_id:uuid service_at_location_id:uuid"
_FIELDS = {
    "organization": "id!:uuid name! alternate_name description! email:email website:uri tax_status tax_id "
    "year_incorporated:number legal_status logo uri:uri parent_organization_id:uuid",
    "program": "id!:uuid organization_id+:uuid name! alternate_name description!",
    "service": "id!:uuid organization_id+:uuid program_id:uuid name! alternate_name description url:uri email:email "
    "status!:active|inactive|defunct|temporarily_closed interpretation_services application_process fees_description "
    "wait_time fees accreditations eligibility_description minimum_age:number maximum_age:number assured_date:date "
    "assurer_email:email licenses alert last_modified:instant",
    "service_at_location": "id!:uuid service_id+:uuid location_id+:uuid description",
    "location": "id!:uuid location_type!:physical|postal|virtual url:uri organization_id:uuid name alternate_name "
    "description transportation latitude:number longitude:number external_identifier external_identifier_type",
    "phone": f"id!:uuid {_OF} contact_id:uuid number! extension:number type description",
    "contact": f"id!:uuid {_OF} name title department email:email",
    "address": "id!:uuid location_id:uuid attention address_1! address_2 city! region state_province! postal_code! "
    "country!:country address_type!:physical|postal|virtual",
    "schedule": "id!:uuid service_id:uuid location_id:uuid service_at_location_id:uuid valid_from:date valid_to:date "
    "dtstart:date timezone:number until:date count:number wkst:MO|TU|WE|TH|FR|SA|SU freq:WEEKLY|MONTHLY "
    "interval:number byday byweekno bymonthday byyearday description opens_at:time closes_at:time "
    "schedule_link:uri attending_type notes",
    "funding": "id!:uuid organization_id:uuid service_id:uuid source",
    "service_area": "id!:uuid service_id:uuid service_at_location_id:uuid name description extent extent_type uri",
    "required_document": "id!:uuid service_id:uuid document uri:uri",
    "language": "id!:uuid service_id:uuid location_id:uuid phone_id:uuid name code note",
    "accessibility": "id!:uuid location_id:uuid description details url:uri",
    "attribute": "id!:uuid link_id+:uuid taxonomy_term_id+:uuid link_type link_entity+ value label",
    "taxonomy_term": "id!:uuid code name! description! parent_id:uuid taxonomy language taxonomy_id:uuid term_uri:uri",
    "taxonomy": "id!:uuid name! description! uri:uri version",
    "cost_option": "id!:uuid service_id+:uuid valid_from:date valid_to:date option currency amount:number "
    "amount_description",
    "metadata": "id!:uuid resource_id+:uuid resource_type! last_action_date! last_action_type! field_name! "
    "previous_value! replacement_value! updated_by!",
    "meta_table_description": "id!:uuid name language character_set",
    "organization_identifier": "id!:uuid organization_id+:uuid identifier_scheme identifier_type! identifier!",
    "service_capacity": "id!:uuid service_id+:uuid unit_id+:uuid available!:number maximum:number description "
    "updated!:instant",
    "unit": "id!:uuid name! scheme identifier uri:uri",
    "url": "id!:uuid label url!:uri organization_id:uuid service_id:uuid",
}
#: What an object holds: by the name of the field, what its objects are.
_HOLDS = {
    "organization": "funding contacts:contact phones:phone locations:location programs:program services:service "
    "organization_identifiers:organization_identifier additional_websites:url",
    "program": "",
    "service": "phones:phone schedules:schedule service_areas:service_area service_at_locations:service_at_location "
    "languages:language organization funding cost_options:cost_option program required_documents:required_document "
    "contacts:contact capacities:service_capacity additional_urls:url",
    "service_at_location": "service_areas:service_area contacts:contact phones:phone schedules:schedule "
    "location service",
    "location": "languages:language addresses:address contacts:contact accessibility phones:phone schedules:schedule",
    "phone": "languages:language",
    "contact": "phones:phone",
    "attribute": "taxonomy_term",
    "taxonomy_term": "taxonomy_detail:taxonomy",
    "service_capacity": "unit",
}
FILE_OF = {
    "organization": "organizations.csv", "program": "programs.csv", "service": "services.csv",
    "service_at_location": "service_at_location.csv", "location": "locations.csv", "phone": "phones.csv",
    "contact": "contacts.csv", "address": "addresses.csv", "schedule": "schedules.csv", "funding": "funding.csv",
    "service_area": "service_areas.csv", "required_document": "required_documents.csv", "language": "languages.csv",
    "accessibility": "accessibility.csv", "attribute": "attributes.csv", "taxonomy_term": "taxonomy_terms.csv",
    "taxonomy": "taxonomies.csv", "cost_option": "cost_options.csv", "metadata": "metadata.csv",
    "meta_table_description": "meta_table_descriptions.csv", "organization_identifier": "organization_identifiers.csv",
    "service_capacity": "service_capacity.csv", "unit": "units.csv", "url": "urls.csv",
}  # fmt: skip
_POINTS_TO = {
    "parent_id": "taxonomy_term", "taxonomy_term_id": "taxonomy_term", "parent_organization_id": "organization",
    **{f"{kind}_id": kind for kind in _FIELDS if kind not in ("taxonomy_term", "attribute", "metadata")},
}  # fmt: skip
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


def _field(text: str) -> tuple[str, str, str]:
    name, _colon, form = text.partition(":")
    return name.rstrip("!+"), "!" if "!" in name else "+" if "+" in name else "", form


FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    kind: {name: (must, form) for name, must, form in map(_field, text.split())} for kind, text in _FIELDS.items()
}
HOLDS: dict[str, dict[str, str]] = {
    kind: {name: inner or name for name, _colon, inner in (each.partition(":") for each in text.split())}
    for kind, text in _HOLDS.items()
}


def wrong_in_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """What is wrong with a package of tables, by kind; nothing where it is HSDS 3.

    Values are those of JSON, or words as CSV has them.
    """
    ids = {kind: {str(row.get("id")) for row in rows} for kind, rows in tables.items()}
    for kind, rows in tables.items():
        if kind not in FIELDS:
            yield f"{kind} is no table of HSDS 3"
            continue
        for again, count in Counter(str(row.get("id")) for row in rows).items():
            if count > 1:
                yield f"{kind} {again} stands there {count} times"
        for row in rows:
            yield from _wrong_fields(kind, row, tabular=True)
            for column, value in row.items():
                target = _POINTS_TO.get(column)
                if target is not None and value not in (None, "") and str(value) not in ids.get(target, ()):
                    yield f"{kind} {row.get('id')}: {column} {value} is no {target} of the package"
            if kind == "attribute" and str(row.get("link_id")) not in ids.get(str(row.get("link_entity")), ()):
                yield f"attribute {row.get('id')}: link_id {row.get('link_id')} is no {row.get('link_entity')} of it"


def wrong_in(kind: str, thing: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a full object and with all that it holds."""
    holds = {**HOLDS.get(kind, {}), "attributes": "attribute", "metadata": "metadata"}
    yield from _wrong_fields(kind, {key: value for key, value in thing.items() if key not in holds}, tabular=False)
    for key, inner_kind in holds.items():
        inner = thing.get(key)
        for each in inner if isinstance(inner, list) else [] if inner is None else [inner]:
            if not isinstance(each, dict):
                yield f"{kind} {thing.get('id')}: {key} holds something that is no object"
            else:
                yield from wrong_in(inner_kind, each)


def _wrong_fields(kind: str, row: Mapping[str, Any], *, tabular: bool) -> Iterator[str]:
    fields = FIELDS[kind]
    for name in row.keys() - fields.keys():
        yield f"{kind} {row.get('id')}: {name} is no field of it"
    for name, (must, form) in fields.items():
        value = row.get(name)
        # An object may say that there are no words; a cell of a table that says nothing is not there.
        if value is None or (value == "" and (tabular or form)):
            if must == "!" or (must == "+" and tabular):
                yield f"{kind} {row.get('id')}: {name} is missing"
        elif not _has_form(value, form):
            yield f"{kind} {row.get('id')}: {name} is {value!r}, not {form.replace('|', ', ') or 'words'}"


def _is_uuid(value: Any) -> bool:
    with suppress(ValueError):
        return str(uuid.UUID(value)) == value.lower()
    return False


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        with suppress(ValueError):
            return float(value) == float(value)
        return False
    return isinstance(value, int | float) and not isinstance(value, bool)


def _parses(read: Callable[[str], Any]) -> Callable[[Any], bool]:
    def parses(value: Any) -> bool:
        with suppress(ValueError):
            read(value)
            return True
        return False

    return parses


def _is_uri(value: Any) -> bool:
    with suppress(ValueError):
        parts = urlsplit(value)
        return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"\s", value)
    return False


_FORMS: dict[str, Callable[[Any], bool]] = {
    "uuid": _is_uuid,
    "uri": _is_uri,
    "email": lambda value: bool(_MAIL.fullmatch(value)),
    "date": _parses(date.fromisoformat),
    "instant": _parses(lambda value: datetime.fromisoformat(value.replace("Z", "+00:00"))),
    "time": lambda value: bool(_TIME.fullmatch(value)),
    "country": lambda value: bool(re.fullmatch("[A-Z]{2}", value)),
}


def _has_form(value: Any, form: str) -> bool:
    if form == "number":
        return _is_number(value)
    if not isinstance(value, str):
        return False
    if "|" in form:
        return value in [each.replace("_", " ") for each in form.split("|")]
    return form not in _FORMS or _FORMS[form](value)
