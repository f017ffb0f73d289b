"""Sends every address of the shop and of the desk what nobody in her right mind would send."""
