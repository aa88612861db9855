from django.db import migrations


def drop_own_tasks(apps, schema_editor):
    """What was a periodic task of its own is part of the housekeeping now."""
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(task="profiles.forget_trials").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0001_initial"),
        ("django_celery_beat", "0001_initial"),
    ]

    operations = [migrations.RunPython(drop_own_tasks, migrations.RunPython.noop)]
