"""`python -m kmigrate`."""

from kmigrate.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
