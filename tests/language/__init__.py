"""The catalog of each language: whole, and the compiled one made from it."""
