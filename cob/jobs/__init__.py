"""Long work and how far it is. The Job row is the truth; the broker only wakes a worker."""
