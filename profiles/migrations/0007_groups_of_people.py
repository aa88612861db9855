from django.db import migrations, models


class Migration(migrations.Migration):
    """Households and other groups above the person; null is the usual: households where they can be found."""

    dependencies = [("profiles", "0006_merge_policies")]

    operations = [
        migrations.AddField(
            "unification",
            "groups",
            models.JSONField(blank=True, null=True, verbose_name="groups of people; null is the usual"),
        ),
    ]
