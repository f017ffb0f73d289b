"""Everything that `store demo` sets up: a shop that is lived in, and the world around it."""
