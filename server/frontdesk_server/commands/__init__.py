"""The commands of `frontdesk`, a module each: `command` is what the command line runs."""
