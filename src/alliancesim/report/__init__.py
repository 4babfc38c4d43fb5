"""Reports: one self-contained HTML page from a folder of results, and sentences for terminals."""
