"""What must hold, layer by layer."""
