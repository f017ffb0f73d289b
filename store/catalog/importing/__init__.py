"""Brings products in from the files that other shops export."""
