"""Records on paper: a typesetter of A4 sheets, and the forms laid out with it. Loaded when something is printed."""
