"""`python -m bokko_cli`."""

from bokko_cli.app import main

if __name__ == "__main__":
    main()
