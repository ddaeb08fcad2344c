"""Migrations of the staff console."""
