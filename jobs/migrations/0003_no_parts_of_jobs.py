from django.db import migrations


class Migration(migrations.Migration):
    """No work was ever made of several jobs: the steps of a refresh have rows of their own."""

    dependencies = [("jobs", "0002_one_housekeeping")]

    operations = [migrations.RemoveField("job", "parent")]
