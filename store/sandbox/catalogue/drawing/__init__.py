"""Merchandise drawn by our own code: one module for each kind of object, one light, one paper."""
