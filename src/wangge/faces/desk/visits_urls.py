"""Addresses of visits, of the diary and of rosters."""

from django.urls import path

from wangge.faces.desk.views import diary, field_records, meetings, shifts, visits

urlpatterns = [
    path("", visits.due_list, name="visits"),
    path("plans/", visits.plans, name="visit-plans"),
    path("care/<int:care_id>/plan", visits.new_plan, name="new-visits"),
    path("plans/<int:plan_id>/end", visits.end_plan, name="end-visits"),
    path("plans/<int:plan_id>/visit", visits.record, name="record-visit"),
    path("shifts/", shifts.roster, name="shifts"),
    path("shifts/plan", shifts.plan, name="plan-shifts"),
    path("shifts/copy", shifts.copy_week, name="copy-week"),
    path("shifts/month", shifts.month, name="shift-month"),
    path("shifts/month.xlsx", shifts.month_file, name="shift-month-file"),
    path("shifts/<int:shift_id>/<slug:what>", shifts.act, name="shift-act"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new", meetings.new_meeting, name="new-meeting"),
    path("meetings/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/minutes", meetings.minutes, name="minutes"),
    path("follow-ups/<int:follow_up_id>/done", meetings.finish, name="follow-up-done"),
    path("phones/", field_records.records, name="field-records"),
    path("phones/<uuid:record_id>/looked", field_records.look_at_record, name="look-at-record"),
    path("phones/asides/<int:aside_id>/looked", field_records.look_at_aside, name="look-at-aside"),
    path("diary/", diary.entries, name="diary"),
    path("diary/new", diary.new_entry, name="new-entry"),
    path("diary/week", diary.week, name="diary-week"),
    path("diary/<int:entry_id>/", diary.entry, name="entry"),
    path("diary/<int:entry_id>/case", diary.make_case, name="entry-case"),
]
