"""Everything that a shop cannot make again, as one archive, and a shop made from one."""
