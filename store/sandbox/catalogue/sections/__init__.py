"""The goods, one module for each section of the paper."""
