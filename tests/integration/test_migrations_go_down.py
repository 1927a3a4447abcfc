"""Migrations that add tables go down again and leave nothing behind, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.engine import make_url

from respite.core.db import db
from respite.factory import create_app
from tests.places import settings_for

#: The step before, the step, and the tables that it adds.
STEPS = [
    ("0022_conversation", "0023_read_together", {"guest_words", "arrival_wish", "parting_talk"}),
    ("0023_read_together", "0024_bed_rules", {"bed_rule", "rule_answer", "elsewhere"}),
    ("0024_bed_rules", "0025_asks", {"guest_ask"}),
    ("0025_asks", "0026_earlier_words", {"earlier_word"}),
    ("0026_earlier_words", "0027_nameless_ideas", {"nameless_idea"}),
    ("0027_nameless_ideas", "0028_contact_sources", {"contact_source"}),
    ("0029_waiting_own", "0030_plans", {"plan_part", "plan_word"}),
    ("0030_plans", "0031_agreements", {"agreement_text", "agreement_read"}),
    ("0031_agreements", "0032_page_word", set()),
    ("0032_page_word", "0033_concerns", {"concern", "concern_about", "outside_office"}),
    ("0033_concerns", "0034_transfers", {"transfer"}),
    ("0034_transfers", "0035_yes_first", {"apart_wish", "someone_else", "yes_ask", "yes_rules"}),
    ("0035_yes_first", "0036_activities", {"activity", "activity_day", "shared_calendar"}),
    ("0036_activities", "0037_funder_questions", {"funder_question", "funder_answer"}),
    ("0037_funder_questions", "0038_once_named", {"once_named"}),
    (
        "0041_word_of_a_promise",
        "0042_hard_moments",
        {
            "hard_moment",
            "moment_fact",
            "moment_fact_earlier",
            "moment_account",
            "support_offer",
            "moment_rules",
        },
    ),
    (
        "0045_former_numbers",
        "0046_directory",
        {
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
        },
    ),
    (
        "0046_directory",
        "0047_finding",
        {
            "directory_entry",
            "directory_entry_mark",
            "directory_entry_place",
            "directory_entry_hours",
            "directory_word",
            "directory_word_part",
            "directory_words",
        },
    ),
    ("0047_finding", "0048_follow_up", {"follow_up", "follow_up_plan"}),
    ("0048_follow_up", "0049_connections", {"connection", "connection_step"}),
    ("0049_connections", "0050_night_entry", {"night_entry"}),
    ("0050_night_entry", "0051_disclosures", {"disclosure", "disclosure_told"}),
    ("0051_disclosures", "0052_figures", {"figure_sharing", "figure_month", "figure_release"}),
    ("0052_figures", "0053_farewells", {"farewell", "person_to_tell"}),
    ("0053_farewells", "0054_kind_words", {"caring_plan", "caring_text", "caring_rules"}),
    ("0054_kind_words", "0055_paper_each_evening", {"paper_printed"}),
    ("0056_resource_cards", "0057_directory_uploads", {"directory_upload"}),
    ("0057_directory_uploads", "0058_written_by_hand", set()),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, key_file: Path) -> Iterator[Flask]:
    url = f"sqlite:///{tmp_path}/steps.db"
    if request.param == "postgresql":
        address, name = request.getfixturevalue("postgres_url"), f"steps_{uuid.uuid4().hex[:12]}"
        engine = sa.create_engine(address)
        with engine.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {name}"))
        engine.dispose()
        own = make_url(address).update_query_dict({"options": f"-csearch_path={name}"})
        url = own.render_as_string(hide_password=False)
    app = create_app(settings_for(url, key_file))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    """All of them; what SQLite keeps a virtual table's words in comes and goes with that."""
    return {name for name in sa.inspect(db.engine).get_table_names() if not name.startswith("directory_words_")}


def test_each_step_goes_up_down_and_up_again(empty: Flask) -> None:
    for before, step, adds in STEPS:
        upgrade(revision=before)
        without = tables()
        upgrade(revision=step)
        assert tables() - without == adds
        downgrade(revision=before)
        assert tables() == without
        upgrade(revision=step)
        assert tables() - without == adds
