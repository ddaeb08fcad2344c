"""Migrations of the tables of orders."""
