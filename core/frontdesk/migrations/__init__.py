"""Migrations of the core, run in the order of their names."""
