"""Why a connection is not ready: every problem there is, found in what is stored and in what the provider says."""
