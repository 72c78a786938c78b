"""Triggers that refuse to change or remove what stands in the log. They deter; the proofs detect."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("audit_entry", "audit_checkpoint")
SENTENCE = "The log is append-only."

POSTGRESQL = [
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        for table in TABLES
    ),
    *(
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for table in TABLES
    ),
]
POSTGRESQL_BACK = ["DROP FUNCTION audit_refuse() CASCADE"]
SQLITE = [
    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for table in TABLES
    for verb in ("update", "delete")
]
SQLITE_BACK = [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]


def guard(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_the_log")]
    operations = [migrations.RunPython(guard, unguard)]
