"""What the demonstration and the tests need from outside the shop."""
