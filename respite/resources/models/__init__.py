"""The directory's tables. It belongs to the installation: all its houses share it, and nothing of a guest is in it."""

from respite.resources.models.details import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Language,
    Phone,
    RequiredDocument,
    Schedule,
    ServiceArea,
)
from respite.resources.models.listed import (
    Location,
    Organization,
    Program,
    Service,
    ServiceAtLocation,
    Taxonomy,
    Term,
)
from respite.resources.models.sources import Detail, Listed, Mapping, Source
from respite.resources.models.uploads import Upload

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Contact",
    "CostOption",
    "Detail",
    "Language",
    "Listed",
    "Location",
    "Mapping",
    "Organization",
    "Phone",
    "Program",
    "RequiredDocument",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "Source",
    "Taxonomy",
    "Term",
    "Upload",
]
