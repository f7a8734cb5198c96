"""The command's entry point."""

import gc
import sys

from bokko_cli import __version__
from bokko_cli.output.streams import prepare_streams, write_failure


def main() -> None:
    """Run the command line."""
    prepare_streams()
    if sys.argv[1:] == ["--version"]:
        # Answered before the command tree is imported: 1.3 times `python -c pass` instead of 7.
        sys.stdout.write(f"bokko {__version__}\n")
        sys.exit(_after_printing(0))
    # What a command loads stays to its end: not searching it for garbage saves 1.3 times `python -c pass`.
    gc.set_threshold(150_000)
    try:
        from bokko_cli.cli.app import main as run  # noqa: PLC0415 - see above

        run()
    except KeyboardInterrupt:
        # While the command tree is loaded: later ones are reported by the command itself.
        sys.exit(130)
    except SystemExit as ending:
        sys.exit(_after_printing(ending.code))
    finally:
        gc.freeze()


def _after_printing(code: int | str | None) -> int | str | None:
    """Return how to end: a help or a version that could not be printed is a failure."""
    failure = write_failure(sys.stdout)
    if code or not failure:
        return code
    from bokko_cli.cli.reader import not_written  # noqa: PLC0415 - needed after a failure alone

    sys.stderr.write(not_written(failure) + "\n")
    return 1


if __name__ == "__main__":
    main()
