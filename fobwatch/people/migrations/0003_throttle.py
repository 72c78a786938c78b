from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_reminders"),
    ]

    operations = [
        migrations.RenameModel("Attempt", "Throttle"),
    ]
