"""Migrations of the handoff plugin."""
