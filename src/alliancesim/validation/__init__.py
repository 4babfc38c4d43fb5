"""How the law does on observations that it was not fitted to, beside what a sceptic would say."""
