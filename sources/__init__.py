"""Data sources and ingestion."""
