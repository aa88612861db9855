"""Identifiers get an index of their own; the digest becomes a number. Old digests are forgotten: the next run writes
every row again."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("pk", models.CompositePrimaryKey("word", "profile_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("word", models.TextField(db_collation="C", verbose_name="word")),
                ("profile_id", models.CharField(max_length=32, verbose_name="person")),
            ],
            options={"verbose_name": "identifier", "verbose_name_plural": "identifiers"},
        ),
        migrations.AddField(
            model_name="profile",
            name="identifiers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(db_collation="C"), default=list, size=None, verbose_name="identifiers"
            ),
        ),
        migrations.RemoveField(model_name="profile", name="digest"),
        migrations.AddField(model_name="profile", name="digest", field=models.BigIntegerField(default=0)),
        # Nobody looks for the beginning of an id: `profiles.search.finding` has an index of its own for that.
        migrations.RunSQL(
            "DROP INDEX IF EXISTS profiles_profile_id_d9b59daa_like", migrations.RunSQL.noop, elidable=True
        ),
    ]
