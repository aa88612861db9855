"""Decisions from the review's page stood in the order of trust: a later one from a file or the API did not take their
place. Of two about one pair the newer stays."""

from django.db import migrations

FORGET_OLDER = """
DELETE FROM profiles_decision d USING profiles_decision o
WHERE d.left_table = o.right_table AND d.left_id = o.right_id
  AND d.right_table = o.left_table AND d.right_id = o.left_id AND (d.at, d.id) < (o.at, o.id)
"""
TURN = """
UPDATE profiles_decision SET left_table = right_table, left_id = right_id, right_table = left_table, right_id = left_id
WHERE (left_table COLLATE "C", left_id COLLATE "C") > (right_table COLLATE "C", right_id COLLATE "C")
"""


class Migration(migrations.Migration):
    dependencies = [("profiles", "0010_words_written_together")]

    operations = [
        migrations.RunSQL(FORGET_OLDER, migrations.RunSQL.noop),
        migrations.RunSQL(TURN, migrations.RunSQL.noop),
    ]
