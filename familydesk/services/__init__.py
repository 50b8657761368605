"""The verbs of the desk: the only door that the window and the command line knock on."""
