"""The door through which the store asks other sites, for what lies at addresses it was given."""
