"""python -m frontdesk_server: the command line, for where no console script is on the path."""

from frontdesk_server.cli import main

main()
