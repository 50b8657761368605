"""Counts over periods: tables whose every figure knows its records, and how they are set, drawn and let out."""
