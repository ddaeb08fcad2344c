"""Migrations of the records plugin."""
