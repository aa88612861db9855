"""What people look over: pairs that they are asked about, and merges that they take apart or make."""
