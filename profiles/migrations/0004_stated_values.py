"""Aliases, ignored and trusted values, by meaning or column."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0003_runs_go_on_from_the_last")]

    operations = [
        migrations.AddField(
            model_name="unification",
            name="values",
            field=models.JSONField(blank=True, default=dict, verbose_name="aliases, ignored and trusted values"),
        ),
    ]
