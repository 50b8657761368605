"""Words every room shares: records and their fields, time, language, errors, settings.

No Qt, no database file, no network.
"""
