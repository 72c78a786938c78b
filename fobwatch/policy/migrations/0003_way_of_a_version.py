"""Review and approval: the steps of a version, its owner and start, and triggers that hold the way of it.

The text is fixed from review on; only what was approved comes in force; what was published stays as it is.
"""

import django.db.models.deletion
import fobwatch.kernel.models
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SENTENCE = "A version of the policy never changes once it is in review, but to go back to its draft."
PUBLISHED = "A published version of the policy never changes."
TEXT = ("id", "organisation_id", "number", "content", "hash", "template_version", "created_at")
LASTING = ("published_at", "effective_epoch", "material", "change_note")


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


IN_FORCE = "OLD.state IN ('published', 'superseded')"
RULES = {
    "fixed": (
        "UPDATE",
        f"{IN_FORCE} AND ({_changed((*TEXT, *LASTING))}"
        " OR NEW.state IN ('draft', 'review', 'approved') OR (OLD.state = 'superseded' AND NEW.state <> 'superseded'))",
        PUBLISHED,
    ),
    "text": ("UPDATE", f"OLD.state IN ('review', 'approved') AND ({_changed(TEXT)})", SENTENCE),
    "way": (
        "UPDATE",
        "(NEW.state = 'approved' AND OLD.state NOT IN ('review', 'approved'))"
        " OR (NEW.state = 'published' AND OLD.state NOT IN ('approved', 'published'))"
        " OR (NEW.state = 'superseded' AND OLD.state NOT IN ('published', 'superseded'))",
        "A version of the policy comes in force only when it was approved.",
    ),
    "stays": ("DELETE", "OLD.state <> 'draft'", PUBLISHED),
}
BEFORE = {
    "fixed": (
        "UPDATE",
        "OLD.state <> 'draft' AND ("
        + _changed(
            (
                "id",
                "organisation_id",
                "number",
                "content",
                "hash",
                "template_version",
                "published_at",
                "effective_epoch",
            )
        )
        + " OR NEW.state = 'draft' OR (OLD.state = 'superseded' AND NEW.state <> 'superseded'))",
        PUBLISHED,
    ),
    "stays": ("DELETE", "OLD.state <> 'draft'", PUBLISHED),
}


def _guard(schema_editor: BaseDatabaseSchemaEditor, rules: dict[str, tuple[str, str, str]]) -> None:
    for name, (verb, when, sentence) in rules.items():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER policy_version_{name} BEFORE {verb} ON policy_version WHEN {when}"
                f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
            continue
        schema_editor.execute(
            f"CREATE FUNCTION policy_refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER policy_version_{name} BEFORE {verb} ON policy_version FOR EACH ROW"
            f" WHEN ({when}) EXECUTE FUNCTION policy_refuse_{name}()"
        )
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER policy_version_not_emptied BEFORE TRUNCATE ON policy_version"
            " FOR EACH STATEMENT EXECUTE FUNCTION policy_refuse_stays()"
        )


def _unguard(schema_editor: BaseDatabaseSchemaEditor, names: tuple[str, ...]) -> None:
    for name in names:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER policy_version_{name}")
        else:
            schema_editor.execute(f"DROP FUNCTION policy_refuse_{name}() CASCADE")


def lift_the_old(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        _unguard(schema_editor, tuple(BEFORE))
    else:
        schema_editor.execute("DROP FUNCTION policy_refuse() CASCADE")


def put_back_the_old(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        _guard(schema_editor, BEFORE)
        return
    schema_editor.execute(
        "CREATE FUNCTION policy_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{PUBLISHED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, (verb, when, _) in BEFORE.items():
        schema_editor.execute(
            f"CREATE TRIGGER policy_version_{name} BEFORE {verb} ON policy_version FOR EACH ROW"
            f" WHEN ({when}) EXECUTE FUNCTION policy_refuse()"
        )
    schema_editor.execute(
        "CREATE TRIGGER policy_version_not_emptied BEFORE TRUNCATE ON policy_version"
        " FOR EACH STATEMENT EXECUTE FUNCTION policy_refuse()"
    )


def guard(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _guard(schema_editor, RULES)


def unguard(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _unguard(schema_editor, tuple(RULES))


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_first"),
        ("policy", "0002_fixed_text"),
    ]

    operations = [
        migrations.RunPython(lift_the_old, put_back_the_old),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=fobwatch.kernel.models.new_id,
                        editable=False,
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("changed", "Changed"),
                            ("submitted", "Sent for approval"),
                            ("sent_back", "Sent back"),
                            ("approved", "Approved"),
                            ("taken_back", "Taken back to change it"),
                            ("scheduled", "Set to start"),
                            ("published", "Put in force"),
                            ("superseded", "Replaced"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("hash", models.CharField(max_length=64)),
                ("note", models.TextField(blank=True)),
                ("alone", models.BooleanField(default=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="one_draft",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="published_has_a_moment",
        ),
        migrations.AddField(
            model_name="version",
            name="owner",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.membership"
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="starts_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="version",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("review", "In review"),
                    ("approved", "Approved"),
                    ("published", "In force"),
                    ("superseded", "Replaced"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "review", "approved"))),
                fields=("organisation",),
                name="one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", True), ("state__in", ("draft", "review", "approved"))),
                    models.Q(
                        models.Q(("state__in", ("draft", "review", "approved")), _negated=True),
                        ("published_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="published_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_at__isnull", True),
                    models.Q(("state__in", ["draft", "review"]), _negated=True),
                    _connector="OR",
                ),
                name="only_approved_starts",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="member",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.membership"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="policy.version"
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("version", "place"), name="steps_count_up"),
        ),
        migrations.RunPython(guard, unguard),
    ]
