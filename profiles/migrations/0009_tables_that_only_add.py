from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables whose unmatched records become no customers."""

    dependencies = [("profiles", "0008_trial")]

    operations = [
        migrations.AddField(
            "unification",
            "only_matched",
            models.JSONField(blank=True, default=list, verbose_name="tables of which matched records alone count"),
        ),
    ]
