"""The command's entry point."""

import sys

from bokko_cli import __version__


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        # Answered before the command tree is imported: 1.3 times `python -c pass` instead of 7.
        sys.stdout.write(f"bokko {__version__}\n")
        return
    from bokko_cli.app import main as run  # noqa: PLC0415 - see above

    run()


if __name__ == "__main__":
    main()
