# The practice's settings, its audit log, emergency access.
