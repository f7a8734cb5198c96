"""The invoicing providers: one folder each; the wire format never leaves it."""
