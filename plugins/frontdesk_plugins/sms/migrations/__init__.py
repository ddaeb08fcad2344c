"""Migrations of the sms plugin."""
