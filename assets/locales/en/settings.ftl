# One's own settings.
