"""`python -m fobwatch`: the command line."""

from fobwatch.web.command_line import main

main()
