"""Addresses of queues and items."""

from __future__ import annotations

from django.urls import path

from workqueues import item_views, list_views, saved_views, views, watch_views

app_name = "workqueues"
urlpatterns = [
    path("", views.queue_list, name="queue-list"),
    path("mine/", views.my_work, name="my-work"),
    path("take-next/", views.take_next, name="take-next"),
    path("notices/seen/", watch_views.notices_seen, name="notices-seen"),
    path("exceptions/", watch_views.exception_list, name="exception-list"),
    path("exceptions/log/", watch_views.exception_log, name="exception-log"),
    path("exceptions/<uuid:pk>/verify/", watch_views.exception_verify, name="exception-verify"),
    path("hand-offs/", watch_views.handoff_list, name="handoff-list"),
    path("repeats/", watch_views.repeat_list, name="repeat-list"),
    path("views/<int:pk>/delete/", saved_views.view_delete, name="view-delete"),
    path("items/<uuid:pk>/", item_views.item_page, name="item-page"),
    path("items/<uuid:pk>/take/", item_views.item_take, name="item-take"),
    path("items/<uuid:pk>/hand-over/", item_views.item_hand_over, name="item-hand-over"),
    path("items/<uuid:pk>/decline/", item_views.item_decline, name="item-decline"),
    path("items/<uuid:pk>/put-back/", item_views.item_put_back, name="item-put-back"),
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
    path("<slug:slug>/", list_views.queue_page, name="queue-page"),
    path("<slug:slug>/news/", list_views.queue_news, name="queue-news"),
    path("<slug:slug>/take/", list_views.take_many, name="take-many"),
    path("<slug:slug>/aside/", list_views.aside_many, name="aside-many"),
    path("<slug:slug>/assign/", list_views.assign, name="assign"),
    path("<slug:slug>/views/", saved_views.view_save, name="view-save"),
]
