"""Unified profiles."""
