"""What customers say, with what they mean: data in TOML, places to say it in, and the score."""
