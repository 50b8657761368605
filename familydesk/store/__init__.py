"""The encrypted file: keys, guards, sessions, capture, search index, upgrade, backup."""
