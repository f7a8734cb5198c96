"""Számlázz.hu, https://www.szamlazz.hu."""
