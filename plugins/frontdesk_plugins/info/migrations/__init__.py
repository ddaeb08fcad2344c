"""Migrations of the info plugin."""
