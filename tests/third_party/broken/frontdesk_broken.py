"""A plugin that cannot be imported."""

raise RuntimeError("this plugin wants a library that is not there")
