"""What the demo's synthetic center is made of. Everybody and everything here is invented."""
