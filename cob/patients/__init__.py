"""Patients, the people around them, and how they are found."""
