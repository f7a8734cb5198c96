"""Billingo, https://www.billingo.hu."""
