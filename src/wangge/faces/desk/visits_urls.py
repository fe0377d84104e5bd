"""Addresses of visits and of the diary."""

from django.urls import path

from wangge.faces.desk.views import diary, visits

urlpatterns = [
    path("", visits.due_list, name="visits"),
    path("plans/", visits.plans, name="visit-plans"),
    path("care/<int:care_id>/plan", visits.new_plan, name="new-visits"),
    path("plans/<int:plan_id>/end", visits.end_plan, name="end-visits"),
    path("plans/<int:plan_id>/visit", visits.record, name="record-visit"),
    path("diary/", diary.entries, name="diary"),
    path("diary/new", diary.new_entry, name="new-entry"),
    path("diary/week", diary.week, name="diary-week"),
    path("diary/<int:entry_id>/", diary.entry, name="entry"),
    path("diary/<int:entry_id>/case", diary.make_case, name="entry-case"),
]
