"""Event files in other people's formats: read, counted, and turned into monthly levels."""
