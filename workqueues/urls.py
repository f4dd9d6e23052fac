"""Addresses of queues and items."""

from __future__ import annotations

from django.urls import path

from workqueues import item_views, views

app_name = "workqueues"
urlpatterns = [
    path("", views.queue_list, name="queue-list"),
    path("mine/", views.my_work, name="my-work"),
    path("take-next/", views.take_next, name="take-next"),
    path("items/<uuid:pk>/", item_views.item_page, name="item-page"),
    path("items/<uuid:pk>/take/", item_views.item_take, name="item-take"),
    path("items/<uuid:pk>/hand-over/", item_views.item_hand_over, name="item-hand-over"),
    path("items/<uuid:pk>/set-aside/", item_views.item_set_aside, name="item-set-aside"),
    path("items/<uuid:pk>/resume/", item_views.item_resume, name="item-resume"),
    path("items/<uuid:pk>/close/", item_views.item_close, name="item-close"),
    path("items/<uuid:pk>/approve/", item_views.item_approve, name="item-approve"),
    path("items/<uuid:pk>/send-back/", item_views.item_send_back, name="item-send-back"),
    path("items/<uuid:pk>/reopen/", item_views.item_reopen, name="item-reopen"),
    path("items/<uuid:pk>/note/", item_views.item_note, name="item-note"),
    path("items/<uuid:pk>/contact/", item_views.item_contact, name="item-contact"),
    path("items/<uuid:pk>/evidence/", item_views.item_evidence, name="item-evidence"),
    path("items/<uuid:pk>/plan/", item_views.item_plan, name="item-plan"),
    path("<slug:slug>/", views.queue_page, name="queue-page"),
    path("<slug:slug>/take/", views.take_many, name="take-many"),
    path("<slug:slug>/assign/", views.assign, name="assign"),
]
