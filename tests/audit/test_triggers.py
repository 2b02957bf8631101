"""The database keeps the trail, whoever asks it to change."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from audit import triggers
from audit.checks import check_triggers
from audit.models import Event
from audit.triggers import (
    InstallTriggers,
    LiftTriggers,
    append_only,
    forbid_truncate,
    immutable_columns,
    install,
    missing,
    open_editor,
    refuse_insert,
    register,
    registered,
)

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own statement")
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own statement")

COPY_OTHER = (
    "(uid, at, actor_username, actor_name, actor_office, verb, subject_kind, subject_ref, subject_label, unit_code,"
    " reason, version, algorithm, hash) SELECT uid, at, 'other', actor_name, actor_office, verb, subject_kind,"
    " subject_ref, subject_label, unit_code, reason, version, algorithm, hash FROM audit_event WHERE true"
)


@pytest.fixture
def own_registry(monkeypatch):
    """A registry whose additions are forgotten after the test."""
    monkeypatch.setattr(triggers, "_registry", dict(triggers._registry))


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_registered_trigger_is_there(db):
    assert registered("audit")
    assert missing(connection) == []
    assert check_triggers(databases=["default"]) == []


@pytest.mark.parametrize("sql", ["UPDATE audit_event SET reason = 'other'", "DELETE FROM audit_event"])
def test_change_and_removal_by_sql_are_refused(make_event, sql):
    event = make_event()
    with pytest.raises(IntegrityError, match=r"Rows of audit_event are never changed or removed\."):
        run(sql)
    assert Event.objects.get().hash == event.hash


@on_postgres
@pytest.mark.parametrize("table", ["audit_event", "audit_event RESTART IDENTITY CASCADE"])
def test_truncate_is_refused(make_event, table):
    make_event()
    with pytest.raises(IntegrityError, match="audit_event"):
        run(f"TRUNCATE {table}")
    assert Event.objects.count() == 1


@on_sqlite
@pytest.mark.parametrize("statement", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
def test_replacement_by_uid_is_refused(make_event, statement):
    make_event()
    with pytest.raises(IntegrityError, match="audit_event"):
        run(f"{statement} INTO audit_event {COPY_OTHER}")
    assert Event.objects.get().actor_username == "drafter"


@on_sqlite
def test_replacement_by_id_is_refused(make_event):
    event = make_event()
    columns = COPY_OTHER.replace("(uid,", "(id, uid,").replace("SELECT uid", f"SELECT {event.pk}, 'fresh'")
    with pytest.raises(IntegrityError, match="audit_event"):
        run(f"INSERT OR REPLACE INTO audit_event {columns}")
    assert Event.objects.get().actor_username == "drafter"


@on_sqlite
def test_update_or_replace_is_refused(make_event):
    event, other = make_event(), make_event()
    with pytest.raises(IntegrityError, match="audit_event"):
        run(f"UPDATE OR REPLACE audit_event SET id = {event.pk} WHERE id = {other.pk}")
    assert Event.objects.count() == 2


def test_upsert_is_refused(make_event):
    make_event()
    with pytest.raises(IntegrityError, match="audit_event"):
        run(f"INSERT INTO audit_event {COPY_OTHER} ON CONFLICT (uid) DO UPDATE SET reason = 'other'")
    assert Event.objects.get().reason == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.update(reason="other"),
        lambda event: Event.objects.all().delete(),
        lambda event: Event.objects.all()._raw_delete("default"),
        lambda event: Event.objects.bulk_update([event], ["reason"]),
        lambda event: Event.objects.bulk_create(
            [Event(**{field.name: getattr(event, field.name) for field in Event._meta.fields})],
            update_conflicts=True,
            unique_fields=["uid"],
            update_fields=["reason"],
        ),
    ],
    ids=["save", "delete", "update", "delete-all", "raw-delete", "bulk-update", "upsert"],
)
def test_change_through_the_orm_is_refused(make_event, change):
    event = make_event()
    event.reason = "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        change(event)
    assert Event.objects.get().reason == ""


@pytest.mark.django_db(transaction=True)
def test_manage_flush_is_refused():
    with transaction.atomic():
        Event.objects.create(verb="x", hash="x", at="2012-02-02T00:00Z")
    with pytest.raises(Exception, match="couldn't be flushed"):
        call_command("flush", interactive=False, verbosity=0)
    assert Event.objects.count() == 1


def drop_one():
    on = " ON audit_event" if connection.vendor == "postgresql" else ""
    name = "audit_event_append_only" if connection.vendor == "postgresql" else "audit_event_append_only_update"
    run(f"DROP TRIGGER {name}{on}")
    return name


def test_check_fails_when_a_trigger_is_dropped(db):
    name = drop_one()
    (error,) = check_triggers(databases=["default"])
    assert error.id == "audit.E001"
    assert name in error.msg
    with pytest.raises(SystemCheckError, match=r"audit\.E001"):
        call_command("check", "--database", "default")
    with pytest.raises(SystemCheckError, match=r"audit\.E001"):
        call_command("migrate", skip_checks=False)
    assert check_triggers(databases=None) == []


def test_install_triggers_cures_and_tells(db):
    name = drop_one()
    call_command("install_triggers")
    assert missing(connection) == []
    assert Event.objects.get(verb="audit.triggers_installed").after == {"missing": [name]}


def test_check_only_warns_while_migrations_wait(db):
    drop_one()
    run("DELETE FROM django_migrations WHERE app = 'audit'")
    assert [message.id for message in check_triggers(databases=["default"])] == ["audit.W001"]


@on_postgres
@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only",
        "CREATE OR REPLACE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
    ],
    ids=["disabled", "skipped by replication", "emptied"],
)
def test_weakened_trigger_counts_as_missing(db, sql):
    run(sql)
    assert missing(connection) == ["audit_event_append_only"]


@on_sqlite
def test_weakened_trigger_counts_as_missing_on_sqlite(db):
    name = drop_one()
    run(f"CREATE TRIGGER {name} BEFORE UPDATE ON audit_event WHEN 0 BEGIN SELECT 1; END")
    assert missing(connection) == [name]


def test_migration_step_is_idempotent_and_reversible(db):
    step, state = InstallTriggers("audit"), ProjectState()
    step.database_forwards("audit", open_editor(connection), state, state)
    assert missing(connection) == []
    step.database_backwards("audit", open_editor(connection), state, state)
    step.database_backwards("audit", open_editor(connection), state, state)
    assert missing(connection) != []
    LiftTriggers("audit").database_backwards("audit", open_editor(connection), state, state)
    assert missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_tables_that_triggers_read_can_be_remade(own_registry):
    with connection.schema_editor() as editor:
        editor.execute("CREATE TABLE rules_kept (id integer PRIMARY KEY, uid varchar(9) UNIQUE, note varchar(9))", None)
    made = ProjectState()
    fields = [("id", models.IntegerField(primary_key=True)), ("uid", models.CharField(max_length=9, unique=True))]
    migrations.CreateModel("Kept", [*fields, ("note", models.CharField(max_length=9))]).state_forwards("rules", made)
    changed = made.clone()
    remake = migrations.AlterField("kept", "note", models.CharField(max_length=9, null=True, unique=True))
    remake.state_forwards("rules", changed)
    rule = "EXISTS (SELECT 1 FROM rules_kept WHERE note = NEW.reason)"
    reading = refuse_insert("audit_event", rule, rule, "Taken.", reads={"rules_kept": ("note",)})
    register(append_only("rules_kept"), reading)
    try:
        with connection.schema_editor() as editor:
            InstallTriggers("rules").database_forwards("rules", editor, made, made)
        assert missing(connection) == []
        with connection.schema_editor() as editor:
            LiftTriggers("rules").database_forwards("rules", editor, made, made)
            remake.database_forwards("rules", editor, made, changed)
            InstallTriggers("rules").database_forwards("rules", editor, changed, changed)
        assert missing(connection) == []
        with connection.schema_editor() as editor:
            InstallTriggers("rules").database_backwards("rules", editor, changed, changed)
            remake.database_backwards("rules", editor, changed, made)
            LiftTriggers("rules").database_backwards("rules", editor, made, made)
        assert missing(connection) == []
    finally:
        with connection.schema_editor() as editor:
            triggers.remove(editor, "rules")
            editor.execute("DROP TABLE rules_kept", None)


@pytest.fixture
def kept_table(db, own_registry):
    """A table with one row and room for rules."""
    run("CREATE TABLE rules_kept (id integer PRIMARY KEY, uid varchar(9) UNIQUE, digest varchar(9), note varchar(9))")
    run("INSERT INTO rules_kept VALUES (1, 'a', 'd', 'n')")

    def keep(*rules):
        register(*rules)
        install(open_editor(connection), "rules")

    return keep


def test_immutable_columns_let_the_others_change(kept_table):
    kept_table(immutable_columns("rules_kept", ["digest"]))
    run("UPDATE rules_kept SET note = 'other', digest = 'd'")
    for sql in (
        "UPDATE rules_kept SET digest = 'other'",
        "UPDATE rules_kept SET digest = NULL",
        "UPDATE rules_kept SET uid = 'b'",
        "UPDATE rules_kept SET id = 2",
        "DELETE FROM rules_kept",
    ):
        with pytest.raises(IntegrityError, match="rules_kept"):
            run(sql)


@on_sqlite
def test_immutable_rows_are_not_replaced(kept_table):
    kept_table(immutable_columns("rules_kept", ["digest"]))
    with pytest.raises(IntegrityError, match="rules_kept"):
        run("REPLACE INTO rules_kept VALUES (2, 'a', 'x', 'x')")
    run("REPLACE INTO rules_kept VALUES (2, 'b', 'x', 'x')")


@on_sqlite
def test_unique_columns_together_are_a_key(kept_table):
    run("CREATE UNIQUE INDEX pair ON rules_kept (digest, note)")
    kept_table(append_only("rules_kept", unique=("id", "uid", ("digest", "note"))))
    with pytest.raises(IntegrityError, match="rules_kept"):
        run("REPLACE INTO rules_kept VALUES (2, 'b', 'd', 'n')")
    run("INSERT INTO rules_kept VALUES (2, 'b', 'd', 'm')")


@on_postgres
def test_forbid_truncate_refuses_only_that(kept_table):
    kept_table(forbid_truncate("rules_kept"))
    with pytest.raises(IntegrityError, match="rules_kept"):
        run("TRUNCATE rules_kept")
    run("DELETE FROM rules_kept")


def test_refuse_insert_reads_other_rows(kept_table, make_event):
    rule = "EXISTS (SELECT 1 FROM audit_event WHERE actor_username = NEW.note)"
    message = "Who isn't 100% apart may not decide."
    kept_table(refuse_insert("rules_kept", rule, rule, message, reads={"audit_event": ("actor_username",)}))
    run("INSERT INTO rules_kept VALUES (2, 'b', 'd', 'drafter'), (3, 'c', 'd', NULL)")
    make_event()
    with pytest.raises(IntegrityError, match=r"Who isn't 100% apart may not decide\. \(rules_kept\)"):
        run("INSERT INTO rules_kept VALUES (4, 'd', 'd', 'drafter')")


def test_rules_wait_for_their_tables_and_columns(kept_table):
    kept_table(
        refuse_insert("rules_later", "1", "true", "Never."),
        refuse_insert("rules_kept", "1", "true", "Never.", reads={"rules_later": ()}),
        immutable_columns("rules_kept", ["later"]),
    )
    run("INSERT INTO rules_kept VALUES (2, 'b', 'd', 'n')")
    assert not any("rules_later" in name for name in missing(connection))
    assert "rules_kept_refuse_insert" in missing(connection)


def test_two_rules_cannot_share_a_name(own_registry):
    register(refuse_insert("rules_kept", "1", "true", "Never."))
    register(refuse_insert("rules_kept", "1", "true", "Never."))
    with pytest.raises(ValueError, match="rules_kept_refuse_insert"):
        register(refuse_insert("rules_kept", "0", "false", "Never."))


@pytest.mark.parametrize("table", ["a b", 'x"; DROP TABLE y', "x" * 64, "名"])
def test_names_that_need_quoting_are_refused(table):
    with pytest.raises(ValueError):
        append_only(table)
