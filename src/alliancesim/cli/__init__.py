"""The command line: reads words, calls the study, prints. No science, no drawing."""
