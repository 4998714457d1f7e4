"""`python -m app.cli`, which is what the script `candor` runs."""

from app.cli import main

main()
