"""Screens drawn by hand, for what a caseworker uses every hour."""
