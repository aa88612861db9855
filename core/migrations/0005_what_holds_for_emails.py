"""What holds for all e-mails were entries of `Workspace.extra`, which only the administration could write."""

import django.core.validators
from django.db import migrations, models

COPY = """
    UPDATE core_workspace SET
        company_address = coalesce(left(extra->>'company_address', 500), ''),
        from_name = coalesce(left(extra->>'from_name', 200), ''),
        from_email = coalesce(left(extra->>'from_email', 254), ''),
        locale = coalesce(nullif(left(extra->>'locale', 20), ''), 'en'),
        consent_required = coalesce(extra->>'consent_required', 'false') = 'true',
        extra = extra - '{company_address,from_name,from_email,locale,consent_required,demo_people}'::text[]
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_tokens_by_digest")]

    operations = [
        migrations.AddField(
            "workspace",
            "company_address",
            models.TextField(blank=True, default="", max_length=500, verbose_name="postal address"),
            preserve_default=False,
        ),
        migrations.AddField(
            "workspace",
            "from_name",
            models.CharField(
                blank=True,
                default="",
                max_length=200,
                validators=[django.core.validators.RegexValidator("^[^\\r\\n]*$")],
                verbose_name="sender of e-mails",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "workspace",
            "from_email",
            models.EmailField(blank=True, default="", max_length=254, verbose_name="address of the sender"),
            preserve_default=False,
        ),
        migrations.AddField(
            "workspace", "locale", models.CharField(default="en", max_length=20, verbose_name="language of e-mails")
        ),
        migrations.AddField(
            "workspace",
            "consent_required",
            models.BooleanField(default=False, verbose_name="marketing only with consent"),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
