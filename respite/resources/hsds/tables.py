"""The tables of HSDS that the directory keeps, under the names of its versions 1 and 3."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from respite.resources import models as m


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A table: its rows here, what a row must have, and what it points to (column here → table there)."""

    name: str
    model: type[Any]
    needs: tuple[str, ...] = ()
    #: Points to these; at least one of them, where none is needed by name.
    links: dict[str, str] = field(default_factory=dict)
    belongs: bool = False  # a row that belongs to nothing is no use
    #: Older or other names of its columns.
    also: dict[str, str] = field(default_factory=dict)
    #: Without its own id a row is known by these.
    known_by: tuple[str, ...] = ()

    @property
    def listed(self) -> bool:
        return issubclass(self.model, m.Listed)


_ANY = {
    "organization_id": "organization",
    "service_id": "service",
    "location_id": "location",
    "service_at_location_id": "service_at_location",
}
_SERVICE = {"service_id": "service"}

#: In the order in which they are written: what is pointed to comes first.
KINDS = {
    kind.name: kind
    for kind in (
        Kind("taxonomy", m.Taxonomy, ("name",), also={"version": "edition"}),
        Kind(
            "taxonomy_term",
            m.Term,
            ("name",),
            {"taxonomy_id": "taxonomy", "parent_id": "taxonomy_term"},
            also={"vocabulary": "taxonomy"},
        ),
        Kind(
            "organization",
            m.Organization,
            ("name",),
            {"parent_organization_id": "organization"},
            also={"url": "website"},
        ),
        Kind("program", m.Program, ("name", "organization_id"), {"organization_id": "organization"}),
        Kind(
            "service",
            m.Service,
            ("name", "organization_id"),
            {"organization_id": "organization", "program_id": "program"},
            also={"fees": "fees_description", "eligibility": "eligibility_description", "website": "url"},
        ),
        Kind("location", m.Location, (), {"organization_id": "organization"}, also={"website": "url"}),
        Kind(
            "service_at_location",
            m.ServiceAtLocation,
            ("service_id", "location_id"),
            {"service_id": "service", "location_id": "location"},
        ),
        Kind("contact", m.Contact, (), _ANY, belongs=True),
        Kind("phone", m.Phone, ("number",), {**_ANY, "contact_id": "contact"}, True, {"number_type": "type"}),
        Kind(
            "address",
            m.Address,
            ("address_1",),
            {"location_id": "location", "organization_id": "organization"},
            belongs=True,
        ),
        Kind(
            "schedule",
            m.Schedule,
            (),
            {key: _ANY[key] for key in ("service_id", "location_id", "service_at_location_id")},
            belongs=True,
            also={"start_date": "valid_from", "end_date": "valid_to"},
        ),
        Kind(
            "language",
            m.Language,
            (),
            {"service_id": "service", "location_id": "location", "phone_id": "phone"},
            belongs=True,
            also={"language": "name"},
        ),
        Kind(
            "accessibility",
            m.Accessibility,
            ("location_id",),
            {"location_id": "location"},
            also={"accessibility": "description"},
        ),
        Kind("cost_option", m.CostOption, ("service_id",), _SERVICE),
        Kind("required_document", m.RequiredDocument, ("service_id",), _SERVICE),
        Kind("service_area", m.ServiceArea, ("service_id",), _SERVICE, also={"service_area": "name"}),
        Kind(
            "attribute",
            m.Attribute,
            ("term_id",),
            {
                **{key: _ANY[key] for key in ("organization_id", "service_id", "location_id")},
                "term_id": "taxonomy_term",
            },
            belongs=True,
            also={"taxonomy_term_id": "term_id", "taxonomy_id": "term_id", "taxonomy_detail": "value"},
        ),
    )
}

#: Names of files, without their ending, in versions 1 and 3, and what their rows are.
FILES = {
    "organizations": "organization",
    "programs": "program",
    "services": "service",
    "locations": "location",
    "service_at_location": "service_at_location",
    "service_at_locations": "service_at_location",
    "services_at_location": "service_at_location",
    "contacts": "contact",
    "phones": "phone",
    "addresses": "address",
    "physical_addresses": "address",
    "postal_addresses": "address",
    "mail_addresses": "address",
    "schedules": "schedule",
    "regular_schedules": "schedule",
    "holiday_schedules": "schedule",
    "languages": "language",
    "accessibility": "accessibility",
    "accessibility_for_disabilities": "accessibility",
    "cost_options": "cost_option",
    "required_documents": "required_document",
    "service_areas": "service_area",
    "taxonomies": "taxonomy",
    "taxonomy": "taxonomy",  # in version 1 the terms themselves, see `older`
    "taxonomy_terms": "taxonomy_term",
    "attributes": "attribute",
    "service_attributes": "attribute",
    "service_taxonomy": "attribute",
    "services_taxonomy": "attribute",
}
POSTAL = ("postal_addresses", "mail_addresses")

#: Tables of HSDS of which the directory keeps nothing.
NOT_KEPT = frozenset(
    "funding fundings metadata meta_table_description meta_table_descriptions organization_identifiers "
    "service_capacity service_capacities unit units url urls payment_accepted payments_accepted eligibility".split()
)
