"""What finding in the directory reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047_finding"
down_revision = "0046_directory"
branch_labels = None
depends_on = None


def _of_entry(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_number_directory_entry")
    return sa.ForeignKeyConstraint(["number"], ["directory_entry.number"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "directory_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("made_of", sa.LargeBinary(length=16), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("peer_run", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_entry_service_id_directory_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_directory_entry")),
        sa.UniqueConstraint("service_id", name=op.f("uq_directory_entry_service_id")),
    )
    op.create_index(op.f("ix_directory_entry_name"), "directory_entry", ["name"])
    op.create_table(
        "directory_entry_mark",
        sa.Column("mark", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _of_entry("directory_entry_mark"),
        sa.PrimaryKeyConstraint("mark", "number", name=op.f("pk_directory_entry_mark")),
    )
    op.create_index(op.f("ix_directory_entry_mark_number"), "directory_entry_mark", ["number"])
    op.create_table(
        "directory_entry_place",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("z", sa.Double(), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=True),
        sa.Column("town", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=60), nullable=True),
        _of_entry("directory_entry_place"),
        sa.PrimaryKeyConstraint("number", "place", name=op.f("pk_directory_entry_place")),
    )
    op.create_index(op.f("ix_directory_entry_place_postal_code"), "directory_entry_place", ["postal_code"])
    op.create_index(op.f("ix_directory_entry_place_town"), "directory_entry_place", ["town"])
    op.create_table(
        "directory_entry_hours",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ahead", sa.Double(), nullable=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("rule", sa.String(length=700), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("opens", sa.SmallInteger(), nullable=False),
        sa.Column("closes", sa.SmallInteger(), nullable=False),
        sa.Column("instead", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        _of_entry("directory_entry_hours"),
        sa.PrimaryKeyConstraint("number", "line", name=op.f("pk_directory_entry_hours")),
    )
    op.create_index("ix_directory_entry_hours_weekday", "directory_entry_hours", ["weekday", "rule"])
    op.create_table(
        "directory_word",
        sa.Column("word", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_directory_word")),
    )
    op.create_table(
        "directory_word_part",
        sa.Column("part", sa.String(length=3), nullable=False),
        sa.Column("word", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("part", "word", name=op.f("pk_directory_word_part")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _words_in_sqlite()
    else:
        op.execute(
            "CREATE TABLE directory_words (number INTEGER PRIMARY KEY REFERENCES directory_entry (number)"
            " ON DELETE CASCADE, words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_directory_words_words ON directory_words USING gin (words) WITH (fastupdate = off)")


def _words_in_sqlite() -> None:
    offered = op.get_bind().exec_driver_sql("SELECT sqlite_compileoption_used('ENABLE_FTS5')").scalar()
    if not offered:
        raise RuntimeError("this machine's SQLite has no full-text search (FTS5); take another build, or PostgreSQL")
    op.execute(
        "CREATE VIRTUAL TABLE directory_words USING fts5(name, kind, rest, detail=column, columnsize=0,"
        ' tokenize="unicode61 remove_diacritics 0")'
    )


def downgrade() -> None:
    for table in (
        "directory_words",
        "directory_word_part",
        "directory_word",
        "directory_entry_hours",
        "directory_entry_place",
        "directory_entry_mark",
        "directory_entry",
    ):
        op.drop_table(table)
