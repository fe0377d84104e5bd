"""Addresses for staff."""

from django.urls import include, path

from wangge.faces.desk.views import account, cases, handovers, intake, moves, notices, orders, search, work

app_name = "desk"
urlpatterns = [
    path("", work.work, name="work"),
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("account", account.account, name="account"),
    path("account/password", account.change_password, name="change-password"),
    path("account/stand-in", account.arrange_stand_in, name="arrange-stand-in"),
    path("search", search.search, name="search"),
    path("cases", cases.listing, name="cases"),
    path("cases/map", cases.case_map, name="case-map"),
    path("map.json", cases.map_data, name="map-data"),
    path("cases/<int:case_id>", cases.case, name="case"),
    path("cases/<int:case_id>/moves/<slug:key>", moves.make, name="move"),
    path("cases/<int:case_id>/contact", moves.unmask, name="contact"),
    path("supports/<int:support_id>/moves/<slug:key>", moves.make_support, name="support-move"),
    path("matters", moves.matter_options, name="matter-options"),
    path("conditions", moves.condition_options, name="condition-options"),
    path("cases/<int:case_id>/conditions", moves.condition_options, name="case-conditions"),
    path("report", intake.take_in, name="report"),
    path("report/areas", intake.area_options, name="area-options"),
    path("report/nearby", intake.nearby, name="nearby"),
    path("report/<int:case_id>", intake.reported, name="reported"),
    path("handovers", handovers.handovers, name="handovers"),
    path("handovers/new", handovers.new_handover, name="new-handover"),
    path("handovers/<int:handover_id>", handovers.handover, name="handover"),
    path("import/", orders.imports, name="order-imports"),
    path("import/<int:import_id>/", orders.order_import, name="order-import"),
    path("import/<int:import_id>/columns", orders.columns, name="order-columns"),
    path("import/<int:import_id>/returned.xlsx", orders.returned, name="order-returned"),
    path("import/<int:import_id>/<slug:what>", orders.act, name="order-act"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.mark_read, name="read-notices"),
    path("", include("wangge.faces.desk.admin_urls")),
]
