"""What is printed on things: typographic plates in the voice of a newsroom. No two products share one."""
