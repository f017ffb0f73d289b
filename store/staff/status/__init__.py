"""Answers whether the shop is well, in words for whoever runs it, each with a way on."""
