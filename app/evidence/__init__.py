"""Demands, files, and who held them."""
