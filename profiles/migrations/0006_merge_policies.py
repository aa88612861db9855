from django.db import migrations, models


class Migration(migrations.Migration):
    """How differing values become one; empty is the usual way."""

    dependencies = [("profiles", "0005_decisions_and_identity_events")]

    operations = [
        migrations.AddField(
            "unification",
            "merge",
            models.JSONField(blank=True, default=dict, verbose_name="what is different in merging"),
        ),
    ]
