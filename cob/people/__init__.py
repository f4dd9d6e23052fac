"""Pages for administrators: who may sign in and as what, at which sites, and the keys machines use."""
