"""Conversations with a model that lies, stutters, forges arguments and meddles."""
