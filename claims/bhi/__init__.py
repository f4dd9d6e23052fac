"""Behavioral health integration and collaborative care: which codes a calendar month of it supports."""
