"""How the web server runs, here and in production: `gunicorn -c python:cdp_site.gunicorn cdp_site.wsgi`.

`BIND` (host:port, or unix:/path), `WEB_CONCURRENCY` (processes) and `WEB_THREADS` set it up.
"""

import gc
import os
from typing import Any

from django.conf import settings

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}").split(",")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 120  # a worker that is silent for so long is started again
graceful_timeout = 5
keepalive = 5
preload_app = False  # so that HUP loads new code; `manage.py run` shares it instead
control_socket_disable = True
worker_tmp_dir = str(settings.DATA_DIR)
accesslog = os.environ.get("ACCESS_LOG") or None
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Where the code is loaded before the workers are forked, that of the pages is, too. Nothing is opened here."""
    if server.cfg.preload_app:
        from django.urls import get_resolver

        assert get_resolver().url_patterns


def post_worker_init(worker: Any) -> None:
    """Gets everything ready before the first request has to wait for it: pages' code and the lake's engine.

    What is there by then stays: it is taken out of the garbage collector's rounds, each of which would hold up a
    request for a quarter of a second.
    """
    from django.urls import get_resolver  # Django and rooms can be imported only once Django is set up, in the worker

    from lake import engine

    assert get_resolver().url_patterns
    engine.warm_up()
    gc.collect()
    gc.freeze()
