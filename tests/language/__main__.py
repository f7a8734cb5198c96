"""Bring the catalogs up to the sentences that there are: `python -m tests.language`."""

from tests.language.catalog import catalog, update

if __name__ == "__main__":
    update("hu")
    left = [message.id for message in catalog("hu") if message.id and not message.string]
    print(f"{len(left)} sentences to translate")  # noqa: T201 - for whoever runs it
