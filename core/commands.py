"""What commands have in common."""

import json
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from core.errors import KindredError
from core.rest_errors import error_body


def refusal(error: KindredError, stdout: OutputWrapper, as_json: bool = False, **also: Any) -> CommandError:
    """The error with which a command ends, to be raised from this one. `as_json`: standard output, too, says why, as
    the API does: whoever reads it gets an object in every case. `also`: what else is in that object."""
    if as_json:
        stdout.write(json.dumps(also | error_body(error), ensure_ascii=False))
    return CommandError(str(error))
