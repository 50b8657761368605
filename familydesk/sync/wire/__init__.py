"""What travels, as bytes: envelopes, statements, heads. Nothing here knows a store; a hub knows only this."""
