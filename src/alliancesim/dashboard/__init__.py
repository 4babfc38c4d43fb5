"""The dashboard: a web page on this machine that shows what every slider does to the verdict."""
