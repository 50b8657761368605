"""How two laptops of a center come to hold the same: what was changed, signed and sealed, over a hub or a folder."""
