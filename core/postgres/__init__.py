"""The database's engine for Django: `core.postgres`."""
