"""`manage.py run`: all processes of one installation, started, watched and stopped together."""
