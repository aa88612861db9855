from django.db import migrations


class Migration(migrations.Migration):
    """Sessions are in `core_session` since 0002: Django's own table has nobody who reads or clears it."""

    dependencies = [("core", "0002_session")]

    operations = [migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop)]
