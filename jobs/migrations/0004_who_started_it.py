from django.db import migrations, models


class Migration(migrations.Migration):
    """Work that nobody asked for by name came from the schedule or from a command: which one is told."""

    dependencies = [("jobs", "0003_no_parts_of_jobs")]

    operations = [
        migrations.AddField(
            "job",
            "by_command",
            models.BooleanField(db_default=False, default=False, verbose_name="started by a command"),
        ),
    ]
