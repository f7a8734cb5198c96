"""What is kept on this machine: settings in a TOML file, the secret in a store of its own."""
