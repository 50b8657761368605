"""The window: the only room that knows Qt. It asks an `Office` for everything and draws what the sheets say."""
