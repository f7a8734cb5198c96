"""On the path of a child only: Python imports the `sitecustomize` here before the command."""
