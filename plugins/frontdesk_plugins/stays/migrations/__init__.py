"""Migrations of the stays, in order."""
