"""Migrations of the booking plugin."""
