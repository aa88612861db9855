"""A run keeps what the next one can go on from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0002_identifiers_beside_words")]

    operations = [
        migrations.AddField(
            model_name="unificationrun",
            name="state",
            field=models.JSONField(default=dict, editable=False, verbose_name="state"),
        ),
    ]
