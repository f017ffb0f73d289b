"""How fast the shop is beside the least that could answer the same, in one run on one machine."""
