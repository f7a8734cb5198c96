"""The command's entry point."""

import gc
import sys

from bokko_cli import __version__


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        # Answered before the command tree is imported: 1.3 times `python -c pass` instead of 7.
        sys.stdout.write(f"bokko {__version__}\n")
        return
    # What a command loads stays to its end: not searching it for garbage saves 1.3 times `python -c pass`.
    gc.set_threshold(150_000)
    try:
        from bokko_cli.cli.app import main as run  # noqa: PLC0415 - see above

        run()
    except KeyboardInterrupt:
        # While the command tree is loaded: later ones are told by the command itself.
        sys.exit(130)
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
