from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """Words of many people go into their index together: `serving.apply` writes them. The index itself stays."""

    dependencies = [("profiles", "0009_tables_that_only_add")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER INDEX profile_search SET (fastupdate = on)",
                    "ALTER INDEX profile_search SET (fastupdate = off)",
                )
            ],
            state_operations=[
                migrations.RemoveIndex("profile", "profile_search"),
                migrations.AddIndex("profile", GinIndex(fields=["search"], name="profile_search", fastupdate=True)),
            ],
        ),
    ]
