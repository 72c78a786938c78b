import django.db.models.deletion
from django.db import migrations, models


def end_open_sessions(apps, _schema_editor):
    """A session in front of a system is made anew by one redirect, so no row is guessed at."""
    apps.get_model("gateway", "GateSession").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0001_first"),
    ]

    operations = [
        migrations.RunPython(end_open_sessions, migrations.RunPython.noop),
        migrations.AddField(
            "gatesession",
            "organisation",
            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.organisation"),
        ),
        migrations.AddField(
            "gatesession",
            "membership",
            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.membership"),
        ),
        migrations.AddField("gatesession", "host", models.CharField(max_length=253)),
        migrations.AddField("gatesession", "email", models.CharField(max_length=254)),
        migrations.AddField("gatesession", "how", models.CharField(max_length=8)),
        migrations.AddField("gatesession", "signed_in", models.BigIntegerField()),
        migrations.AddField("gatesession", "joined", models.BigIntegerField()),
        migrations.AddField("gatesession", "read_version", models.CharField(blank=True, max_length=32)),
        migrations.AddField("gatesession", "read_at", models.CharField(blank=True, max_length=19)),
    ]
