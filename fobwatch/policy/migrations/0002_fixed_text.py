"""Triggers that keep a published version as it is: its text, its hash and its moment, and that it stays (B10)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SENTENCE = "A published version of the policy never changes."
FIXED = ("id", "organisation_id", "number", "content", "hash", "template_version", "published_at", "effective_epoch")
CHANGED = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in FIXED)
# From draft to in force to replaced, and never back: a draft could be changed again.
BACK = "NEW.state = 'draft' OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')"
UPDATED = f"OLD.state <> 'draft' AND ({CHANGED} OR {BACK})"
REMOVED = "OLD.state <> 'draft'"

POSTGRESQL = [
    f"""CREATE FUNCTION policy_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE TRIGGER policy_version_fixed BEFORE UPDATE ON policy_version FOR EACH ROW
    WHEN ({UPDATED}) EXECUTE FUNCTION policy_refuse()""",
    f"""CREATE TRIGGER policy_version_stays BEFORE DELETE ON policy_version FOR EACH ROW
    WHEN ({REMOVED}) EXECUTE FUNCTION policy_refuse()""",
    """CREATE TRIGGER policy_version_not_emptied BEFORE TRUNCATE ON policy_version
    FOR EACH STATEMENT EXECUTE FUNCTION policy_refuse()""",
]
POSTGRESQL_BACK = ["DROP FUNCTION policy_refuse() CASCADE"]
SQLITE = [
    f"CREATE TRIGGER policy_version_{name} BEFORE {verb} ON policy_version WHEN {when}"
    f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for name, verb, when in (("fixed", "UPDATE", UPDATED), ("stays", "DELETE", REMOVED))
]
SQLITE_BACK = ["DROP TRIGGER policy_version_fixed", "DROP TRIGGER policy_version_stays"]


def guard(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_first")]
    operations = [migrations.RunPython(guard, unguard)]
