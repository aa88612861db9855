#!/usr/bin/env python
"""Kindred's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdp_site.settings")
    from django.core.management import execute_from_command_line
    from django.db import ProgrammingError

    from core.embedded import EmbeddedServerError

    try:
        execute_from_command_line(sys.argv)
    except EmbeddedServerError as error:
        sys.exit(str(error))
    except ProgrammingError as error:
        from cdp_site import first_use

        if not first_use.lacks_tables(error):
            raise
        if not first_use.set_up():
            sys.exit("The database lacks tables of this version of Kindred. Run first: manage.py migrate")
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
