"""Who waits is a guest: names and numbers of the list become rows of `guest`, and of who may be texted.

Sealed words are bound to table, column and row, so each is opened where it stood and sealed anew where it goes. Undo
rows that hold the list as it was are let go.
"""

from __future__ import annotations

import unicodedata
import uuid
from datetime import time
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0016_waiting_guests"
down_revision = "0015_guest_page"
branch_labels = None
depends_on = None

_ID = sa.Uuid()
waiting = sa.table(
    "waiting",
    sa.column("id", _ID),
    sa.column("house_id", _ID),
    sa.column("guest_id", _ID),
    sa.column("name_sealed", sa.LargeBinary()),
    sa.column("phone_sealed", sa.LargeBinary()),
    sa.column("since", sa.DateTime(timezone=True)),
    sa.column("ended_at", sa.DateTime(timezone=True)),
    sa.column("ended_how", sa.String()),
)
guest = sa.table(
    "guest",
    sa.column("id", _ID),
    sa.column("house_id", _ID),
    sa.column("name_sealed", sa.LargeBinary()),
    sa.column("name_index", sa.LargeBinary()),
    sa.column("phone_sealed", sa.LargeBinary()),
    sa.column("phone_index", sa.LargeBinary()),
    sa.column("wall_choice", sa.String()),
    sa.column("made_at", sa.DateTime(timezone=True)),
    sa.column("version", sa.Integer()),
)
correspondent = sa.table(
    "correspondent",
    sa.column("id", _ID),
    sa.column("house_id", _ID),
    sa.column("kind", sa.String()),
    sa.column("subject_id", _ID),
    sa.column("name_sealed", sa.LargeBinary()),
    sa.column("number_sealed", sa.LargeBinary()),
    sa.column("number_index", sa.LargeBinary()),
    sa.column("language", sa.String()),
    sa.column("hours_from", sa.Time()),
    sa.column("hours_until", sa.Time()),
    sa.column("safe_to_text", sa.Boolean()),
    sa.column("may_be_shared", sa.Boolean()),
    sa.column("state", sa.String()),
    sa.column("made_at", sa.DateTime(timezone=True)),
    sa.column("version", sa.Integer()),
)
house = sa.table("house", sa.column("id", _ID), sa.column("language", sa.String()))
undoable = sa.table("undoable", sa.column("kind", sa.String()))
UNDOES_THE_LIST = ("guest.waiting.added", "guest.waiting.ended", "guest.bed.saved")


def upgrade() -> None:
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guest_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reach", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("answer_from", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("answer_until", sa.Time(), nullable=True))
    connection = op.get_bind()
    connection.execute(sa.delete(undoable).where(undoable.c.kind.in_(UNDOES_THE_LIST)))
    open_rows = connection.execute(
        sa.select(waiting).where(waiting.c.ended_at.is_(None)).order_by(waiting.c.since, waiting.c.id)
    ).all()
    placed: set[uuid.UUID] = set()
    for row in open_rows:
        guest_id = _guest_of(connection, row, placed)
        placed.add(guest_id)
        connection.execute(sa.update(waiting).where(waiting.c.id == row.id).values(guest_id=guest_id))
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.drop_column("name_sealed")
        batch_op.drop_column("phone_sealed")
        batch_op.create_index(batch_op.f("ix_waiting_guest_id"), ["guest_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_waiting_guest_id_guest"), "guest", ["guest_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_waiting_somebody_waits"), "guest_id IS NOT NULL OR ended_at IS NOT NULL"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_waiting_hours_have_both_ends"), "(answer_from IS NULL) = (answer_until IS NULL)"
        )
        batch_op.create_index(
            "uq_waiting_open",
            ["guest_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.drop_index("uq_waiting_open")
        batch_op.drop_constraint(batch_op.f("ck_waiting_hours_have_both_ends"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_waiting_somebody_waits"), type_="check")
        batch_op.add_column(sa.Column("name_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    connection.execute(sa.delete(undoable).where(undoable.c.kind.like("guest.waiting.%")))
    for row in connection.execute(sa.select(waiting)).all():
        who = connection.execute(sa.select(guest).where(guest.c.id == row.guest_id)).first()
        name = _opened(who.name_sealed, "guest", "name_sealed", who.id) if who and row.ended_at is None else ""
        number = _opened(who.phone_sealed, "guest", "phone_sealed", who.id) if who and row.ended_at is None else None
        connection.execute(
            sa.update(waiting)
            .where(waiting.c.id == row.id)
            .values(
                name_sealed=_sealed(name, "waiting", "name_sealed", row.id),
                phone_sealed=_sealed(number, "waiting", "phone_sealed", row.id),
            )
        )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.alter_column("name_sealed", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_constraint(batch_op.f("fk_waiting_guest_id_guest"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_waiting_guest_id"))
        for column in ("guest_id", "reach", "answer_from", "answer_until"):
            batch_op.drop_column(column)


def _guest_of(connection: sa.Connection, row: Any, placed: set[uuid.UUID]) -> uuid.UUID:
    """The guest of this name and number, else a new one. Nobody has two places on the list."""
    ring = _ring()
    name = _opened(row.name_sealed, "waiting", "name_sealed", row.id) or ""
    number = _opened(row.phone_sealed, "waiting", "phone_sealed", row.id)
    name_index = ring.blind(f"name:{row.house_id}", " ".join(unicodedata.normalize("NFKC", name).casefold().split()))
    phone_index = ring.blind(f"phone:{row.house_id}", number) if number is not None else None
    if phone_index is not None:
        same = (guest.c.house_id == row.house_id, guest.c.name_index == name_index, guest.c.phone_index == phone_index)
        known = connection.scalar(sa.select(guest.c.id).where(*same).order_by(guest.c.made_at).limit(1))
        if known is not None and known not in placed:
            return known
    new = uuid.uuid4()
    connection.execute(
        sa.insert(guest).values(
            id=new,
            house_id=row.house_id,
            name_sealed=_sealed(name, "guest", "name_sealed", new),
            name_index=name_index,
            phone_sealed=_sealed(number, "guest", "phone_sealed", new),
            phone_index=phone_index,
            wall_choice="nothing",
            made_at=row.since,
            version=1,
        )
    )
    if number is not None:
        _may_be_texted(connection, row, new, name, number)
    return new


def _may_be_texted(connection: sa.Connection, row: Any, guest_id: uuid.UUID, name: str, number: str) -> None:
    own = uuid.uuid4()
    connection.execute(
        sa.insert(correspondent).values(
            id=own,
            house_id=row.house_id,
            kind="guest",
            subject_id=guest_id,
            name_sealed=_sealed(name, "correspondent", "name_sealed", own),
            number_sealed=_sealed(number, "correspondent", "number_sealed", own),
            number_index=_ring().blind("text-number", number),
            language=connection.scalar(sa.select(house.c.language).where(house.c.id == row.house_id)),
            hours_from=time(9),
            hours_until=time(20),
            safe_to_text=True,
            may_be_shared=False,
            state="open",
            made_at=row.since,
            version=1,
        )
    )


def _ring() -> Any:
    return current_app.extensions["respite.keys"]


def _opened(sealed: bytes | None, *bound_to: object) -> str | None:
    return None if sealed is None else _ring().open(bytes(sealed), _binding(bound_to))


def _sealed(text: str | None, *bound_to: object) -> bytes | None:
    return None if text is None else _ring().seal(text, _binding(bound_to))


def _binding(parts: tuple[object, ...]) -> bytes:
    return "\0".join(str(part) for part in parts).encode()
