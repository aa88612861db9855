"""Tokens of the API are no longer kept as text. Those that were given out go on working."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TAKE_OVER = """
    INSERT INTO core_apitoken (user_id, digest, created_at)
    SELECT user_id, encode(sha256(convert_to(key, 'UTF8')), 'hex'), created FROM authtoken_token;
    DROP TABLE authtoken_token;
"""


def take_over(apps, schema_editor):
    """The app that kept them is gone, so its table is asked for by name. A new database never had it."""
    if "authtoken_token" in schema_editor.connection.introspection.table_names():
        schema_editor.execute(TAKE_OVER)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_one_table_of_sessions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="digest")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_token",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
