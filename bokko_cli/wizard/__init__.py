"""The questions, and who may be asked them."""
