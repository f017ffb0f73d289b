"""What readers pay: a price of its own for each variant, changes for a time, and the history."""
