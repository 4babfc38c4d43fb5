"""What caused a change: shares of its causes, that is of what came into the world from outside."""
