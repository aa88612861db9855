"""Data › Sources."""
