"""The event log and the access log are append-only; the database itself refuses a change.

PostgreSQL also tells every web process that an event was committed, so that their relays look at once.
"""

from __future__ import annotations

from alembic import op

revision = "0002_append_only"
down_revision = "0001_first"
branch_labels = None
depends_on = None

TABLES = ("event", "access_log")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    # One notice per transaction, sent at its commit: equal ones are folded.
    op.execute(
        "CREATE FUNCTION tell_event() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('respite', ''); RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER event_told AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION tell_event()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP TRIGGER event_told ON event")
    op.execute("DROP FUNCTION tell_event()")
