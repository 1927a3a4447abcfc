"""The directory: organisations outside the house and what they offer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046_directory"
down_revision = "0045_former_numbers"
branch_labels = None
depends_on = None

TABLES = (
    "directory_mapping",
    "directory_source",
    "directory_organization",
    "directory_taxonomy",
    "directory_location",
    "directory_program",
    "directory_term",
    "directory_accessibility",
    "directory_address",
    "directory_service",
    "directory_attribute",
    "directory_cost_option",
    "directory_required_document",
    "directory_service_area",
    "directory_service_at_location",
    "directory_contact",
    "directory_schedule",
    "directory_phone",
    "directory_language",
)
INDEXED = (
    ("directory_organization", ("gone_at", "name", "parent_organization_id")),
    ("directory_taxonomy", ("gone_at",)),
    ("directory_location", ("gone_at", "organization_id")),
    ("directory_program", ("gone_at", "organization_id")),
    ("directory_term", ("gone_at", "name", "parent_id", "taxonomy_id")),
    ("directory_accessibility", ("location_id",)),
    ("directory_address", ("city", "location_id", "organization_id", "postal_code")),
    ("directory_service", ("gone_at", "name", "organization_id", "program_id")),
    ("directory_attribute", ("location_id", "organization_id", "service_id", "term_id")),
    ("directory_cost_option", ("service_id",)),
    ("directory_required_document", ("service_id",)),
    ("directory_service_area", ("service_id",)),
    ("directory_service_at_location", ("gone_at", "location_id", "service_id")),
    ("directory_contact", ("location_id", "organization_id", "service_at_location_id", "service_id")),
    ("directory_schedule", ("location_id", "service_at_location_id", "service_id")),
    ("directory_phone", ("contact_id", "location_id", "organization_id", "service_at_location_id", "service_id")),
    ("directory_language", ("code", "location_id", "phone_id", "service_id")),
)


def upgrade() -> None:
    op.create_table(
        "directory_mapping",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_mapping")),
        sa.UniqueConstraint("name", name=op.f("uq_directory_mapping_name")),
    )
    op.create_table(
        "directory_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_source")),
        sa.UniqueConstraint("name", name=op.f("uq_directory_source_name")),
    )
    op.create_table(
        "directory_organization",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("alternate_name", sa.String(length=300), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("website", sa.String(length=500), nullable=True),
        sa.Column("legal_status", sa.String(length=300), nullable=True),
        sa.Column("parent_organization_id", sa.Uuid(), nullable=True),
        sa.Column("peer_run", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_organization_id"],
            ["directory_organization.id"],
            name=op.f("fk_directory_organization_parent_organization_id_directory_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_organization_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_organization")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_organization_source_id_external_id")),
    )
    op.create_table(
        "directory_taxonomy",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("uri", sa.String(length=500), nullable=True),
        sa.Column("edition", sa.String(length=60), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_taxonomy_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_taxonomy")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_taxonomy_source_id_external_id")),
    )
    op.create_table(
        "directory_location",
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("location_type", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("alternate_name", sa.String(length=300), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("transportation", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["directory_organization.id"],
            name=op.f("fk_directory_location_organization_id_directory_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_location_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_location")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_location_source_id_external_id")),
    )
    op.create_table(
        "directory_program",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("alternate_name", sa.String(length=300), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["directory_organization.id"],
            name=op.f("fk_directory_program_organization_id_directory_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_program_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_program")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_program_source_id_external_id")),
    )
    op.create_table(
        "directory_term",
        sa.Column("taxonomy_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=120), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("taxonomy", sa.String(length=300), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("term_uri", sa.String(length=500), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["directory_term.id"], name=op.f("fk_directory_term_parent_id_directory_term")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_term_source_id_directory_source")
        ),
        sa.ForeignKeyConstraint(
            ["taxonomy_id"], ["directory_taxonomy.id"], name=op.f("fk_directory_term_taxonomy_id_directory_taxonomy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_term")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_term_source_id_external_id")),
    )
    op.create_table(
        "directory_accessibility",
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_accessibility_location_id_directory_location"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_accessibility_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_accessibility")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_accessibility_source_id_external_id")),
    )
    op.create_table(
        "directory_address",
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("attention", sa.String(length=300), nullable=True),
        sa.Column("address_1", sa.String(length=300), nullable=False),
        sa.Column("address_2", sa.String(length=300), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("region", sa.String(length=120), nullable=True),
        sa.Column("state_province", sa.String(length=120), nullable=True),
        sa.Column("postal_code", sa.String(length=20), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("address_type", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["directory_location.id"], name=op.f("fk_directory_address_location_id_directory_location")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["directory_organization.id"],
            name=op.f("fk_directory_address_organization_id_directory_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_address_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_address")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_address_source_id_external_id")),
    )
    op.create_table(
        "directory_service",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("alternate_name", sa.String(length=300), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("interpretation_services", sa.Text(), nullable=True),
        sa.Column("application_process", sa.Text(), nullable=True),
        sa.Column("fees_description", sa.Text(), nullable=True),
        sa.Column("accreditations", sa.Text(), nullable=True),
        sa.Column("eligibility_description", sa.Text(), nullable=True),
        sa.Column("minimum_age", sa.Double(), nullable=True),
        sa.Column("maximum_age", sa.Double(), nullable=True),
        sa.Column("assured_date", sa.Date(), nullable=True),
        sa.Column("assurer_email", sa.String(length=254), nullable=True),
        sa.Column("alert", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=True),
        sa.Column("peer_run", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["directory_organization.id"],
            name=op.f("fk_directory_service_organization_id_directory_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["directory_program.id"], name=op.f("fk_directory_service_program_id_directory_program")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_service_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_service")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_service_source_id_external_id")),
    )
    op.create_table(
        "directory_attribute",
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("link_type", sa.String(length=120), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_attribute_location_id_directory_location"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["directory_organization.id"],
            name=op.f("fk_directory_attribute_organization_id_directory_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["directory_service.id"], name=op.f("fk_directory_attribute_service_id_directory_service")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_attribute_source_id_directory_source")
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["directory_term.id"], name=op.f("fk_directory_attribute_term_id_directory_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_attribute")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_attribute_source_id_external_id")),
    )
    op.create_table(
        "directory_cost_option",
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("option", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("amount", sa.Double(), nullable=True),
        sa.Column("amount_description", sa.Text(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["directory_service.id"], name=op.f("fk_directory_cost_option_service_id_directory_service")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_cost_option_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_cost_option")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_cost_option_source_id_external_id")),
    )
    op.create_table(
        "directory_required_document",
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("uri", sa.String(length=500), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_required_document_service_id_directory_service"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["directory_source.id"],
            name=op.f("fk_directory_required_document_source_id_directory_source"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_required_document")),
        sa.UniqueConstraint(
            "source_id", "external_id", name=op.f("uq_directory_required_document_source_id_external_id")
        ),
    )
    op.create_table(
        "directory_service_area",
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_service_area_service_id_directory_service"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_service_area_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_service_area")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_service_area_source_id_external_id")),
    )
    op.create_table(
        "directory_service_at_location",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_service_at_location_location_id_directory_location"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_service_at_location_service_id_directory_service"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["directory_source.id"],
            name=op.f("fk_directory_service_at_location_source_id_directory_source"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_service_at_location")),
        sa.UniqueConstraint(
            "source_id", "external_id", name=op.f("uq_directory_service_at_location_source_id_external_id")
        ),
    )
    op.create_table(
        "directory_contact",
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("department", sa.String(length=300), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("service_at_location_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["directory_location.id"], name=op.f("fk_directory_contact_location_id_directory_location")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["directory_organization.id"],
            name=op.f("fk_directory_contact_organization_id_directory_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["directory_service_at_location.id"],
            name=op.f("fk_directory_contact_service_at_location_id_directory_service_at_location"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["directory_service.id"], name=op.f("fk_directory_contact_service_id_directory_service")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_contact_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_contact")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_contact_source_id_external_id")),
    )
    op.create_table(
        "directory_schedule",
        sa.Column("service_at_location_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("dtstart", sa.Date(), nullable=True),
        sa.Column("timezone", sa.Double(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("wkst", sa.String(length=2), nullable=True),
        sa.Column("freq", sa.String(length=10), nullable=True),
        sa.Column("interval", sa.Integer(), nullable=True),
        sa.Column("byday", sa.String(length=60), nullable=True),
        sa.Column("byweekno", sa.String(length=200), nullable=True),
        sa.Column("bymonthday", sa.String(length=200), nullable=True),
        sa.Column("byyearday", sa.String(length=200), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("schedule_link", sa.String(length=500), nullable=True),
        sa.Column("attending_type", sa.String(length=300), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_schedule_location_id_directory_location"),
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["directory_service_at_location.id"],
            name=op.f("fk_directory_schedule_service_at_location_id_directory_service_at_location"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["directory_service.id"], name=op.f("fk_directory_schedule_service_id_directory_service")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_schedule_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_schedule")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_schedule_source_id_external_id")),
    )
    op.create_table(
        "directory_phone",
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("dialled", sa.String(length=20), nullable=True),
        sa.Column("extension", sa.String(length=20), nullable=True),
        sa.Column("type", sa.String(length=20), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("service_at_location_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["directory_contact.id"], name=op.f("fk_directory_phone_contact_id_directory_contact")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["directory_location.id"], name=op.f("fk_directory_phone_location_id_directory_location")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["directory_organization.id"],
            name=op.f("fk_directory_phone_organization_id_directory_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["directory_service_at_location.id"],
            name=op.f("fk_directory_phone_service_at_location_id_directory_service_at_location"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["directory_service.id"], name=op.f("fk_directory_phone_service_id_directory_service")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_phone_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_phone")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_phone_source_id_external_id")),
    )
    op.create_table(
        "directory_language",
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_language_location_id_directory_location"),
        ),
        sa.ForeignKeyConstraint(
            ["phone_id"], ["directory_phone.id"], name=op.f("fk_directory_language_phone_id_directory_phone")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["directory_service.id"], name=op.f("fk_directory_language_service_id_directory_service")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["directory_source.id"], name=op.f("fk_directory_language_source_id_directory_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_language")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_directory_language_source_id_external_id")),
    )
    for table, columns in INDEXED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
