"""Who signs in, what each role may do, and at which sites."""
