"""Addresses of people, sites and keys."""

from __future__ import annotations

from django.urls import path

from cob.people import places, views

app_name = "people"
urlpatterns = [
    path("", views.person_list, name="person-list"),
    path("add/", views.person_add, name="person-add"),
    path("<uuid:pk>/", views.person_page, name="person-page"),
    path("<uuid:pk>/close/", views.person_close, name="person-close"),
    path("<uuid:pk>/open/", views.person_open, name="person-open"),
    path("<uuid:pk>/link/", views.person_link, name="person-link"),
    path("<uuid:pk>/second-step/", views.person_second_step, name="person-second-step"),
    path("sites/", places.site_list, name="site-list"),
    path("sites/add/", places.site_add, name="site-add"),
    path("sites/<uuid:pk>/", places.site_page, name="site-page"),
    path("keys/", places.key_list, name="key-list"),
    path("keys/<uuid:pk>/revoke/", places.key_revoke, name="key-revoke"),
]
