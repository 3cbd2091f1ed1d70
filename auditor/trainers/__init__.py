"""How a user's model is called; everything here runs in a worker process."""
