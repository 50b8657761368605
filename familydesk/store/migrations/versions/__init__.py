"""The steps themselves. A step that left the house is never edited."""
