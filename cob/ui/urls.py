"""The style page and two small posts that belong to the frame of every page."""

from __future__ import annotations

from django.urls import path

from cob.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("preferences/", views.preferences, name="preferences"),
    path("here/", views.here, name="here"),
]
