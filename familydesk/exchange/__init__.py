"""Registers in and out: spreadsheets read into typed rows with their problems, and written for people to mend. No
database.
"""
