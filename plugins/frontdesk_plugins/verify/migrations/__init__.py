"""Migrations of the verify plugin."""
