"""Addresses for residents."""

from django.urls import path

from wangge.faces.portal.views import audit, board, home, own, receipt, report

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("report", report.report, name="report"),
    path("report/nearby", report.nearby, name="nearby"),
    path("report/matters", report.matters, name="matters"),
    path("q/<str:code>", report.from_poster, name="poster-code"),
    path("f/<str:code>", report.from_facility, name="facility-code"),
    path("s", receipt.find, name="find"),
    path("s/<str:code>", receipt.show, name="status"),
    path("s/<str:code>/photos/<int:photo_id>.jpg", receipt.photo, name="photo"),
    path("s/<str:code>/mine", own.own, name="own"),
    path("s/<str:code>/mine/code", own.send, name="own-code"),
    path("s/<str:code>/mine/confirm", own.confirm, name="own-confirm"),
    path("s/<str:code>/mine/leave", own.leave, name="own-leave"),
    path("s/<str:code>/mine/export.<slug:form>", own.export, name="own-export"),
    path("s/<str:code>/mine/<slug:what>", own.act, name="own-act"),
    path("mine", own.own, name="mine"),
    path("mine/code", own.send, name="mine-code"),
    path("mine/confirm", own.confirm, name="mine-confirm"),
    path("mine/leave", own.leave, name="mine-leave"),
    path("mine/export.<slug:form>", own.export, name="mine-export"),
    path("mine/<slug:what>", own.act, name="mine-act"),
    path("s/<str:code>/<slug:move>", receipt.move, name="move"),
    path("board", board.board, name="board"),
    path("board/<str:number>", board.one, name="progress"),
    path("areas/people/<int:user_id>.jpg", board.portrait, name="portrait"),
    path("areas/<str:code>", board.area, name="area"),
    path("areas/<str:code>/poster", board.poster, name="poster"),
    path("what-we-never-do", home.never, name="never"),
    path("privacy", home.privacy, name="privacy"),
    path("audit/heads", audit.heads, name="audit-heads"),
    path("audit/heads.txt", audit.heads_file, name="audit-heads-file"),
    path("audit/verify_audit.py", audit.verifier, name="audit-verifier"),
    path("accessibility", home.accessibility, name="accessibility"),
]
