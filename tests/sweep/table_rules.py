"""Addresses of the rules: catalogue, responsibility list, calendar, processes, and their drafts."""

from kinds import ADMINISTRATION, STAFF, Address, Values, administrator, rows, staff


def in_a_draft(label: str, name: str) -> Values:
    """The first rows of a model, each with the first draft."""
    return lambda scene: [
        (row, {**names, **draft})
        for row, names in rows(label, name, 2)(scene)
        for _row, draft in rows("rulebook.Draft", "draft_id", 1)(scene)
    ]


def draft(**more: str) -> Values:
    return rows("cases.ProcessDraft", "draft_id", **more)


DRAFT = draft()

ADDRESSES: dict[str, Address] = {
    "desk:catalogue": STAFF,
    "desk:new-matter": ADMINISTRATION,
    "desk:matter": Address(staff, values=rows("catalogue.Matter", "matter_id")),
    "desk:revise-matter": Address(administrator, values=rows("catalogue.Matter", "matter_id")),
    "desk:rename-group": Address(administrator, values=lambda scene: [(None, {"group_code": "90"})]),
    "desk:matter-enabled": Address(administrator, values=rows("catalogue.Matter", "matter_id")),
    "desk:new-condition": Address(administrator, values=rows("catalogue.Matter", "matter_id")),
    "desk:condition": Address(administrator, values=rows("catalogue.Condition", "condition_id")),
    "desk:end-condition": Address(administrator, values=rows("catalogue.Condition", "condition_id")),
    "desk:responsibility": STAFF,
    "desk:new-responsibility": ADMINISTRATION,
    "desk:check-when": ADMINISTRATION,
    "desk:end-responsibility": Address(administrator, values=rows("cases.Responsibility", "row_id")),
    "desk:calendar": STAFF,
    "desk:calendar-day": ADMINISTRATION,
    "desk:calendar-hours": ADMINISTRATION,
    "desk:rule-history": Address(staff, values=rows("catalogue.Matter", "of", subject="matter")),
    "desk:rule-restore": Address(administrator, values=rows("catalogue.Revision", "revision_id")),
    "desk:processes": STAFF,
    "desk:process": Address(staff, values=rows("cases.Process", "process_id")),
    "desk:process-download": Address(staff, values=rows("cases.Process", "process_id", form="toml")),
    "desk:compare-processes": Address(administrator, opened=(200, 302, 404)),
    "desk:new-process-draft": ADMINISTRATION,
    "desk:process-draft": Address(administrator, values=DRAFT),
    "desk:process-draft-head": Address(administrator, values=DRAFT),
    "desk:process-draft-note": Address(administrator, values=DRAFT),
    "desk:process-draft-step": Address(administrator, values=DRAFT),
    "desk:process-draft-discard": Address(administrator, values=DRAFT),
    "desk:process-draft-publish": Address(administrator, values=DRAFT),
    "desk:process-draft-simulation": Address(administrator, values=DRAFT),
    "desk:process-draft-download": Address(
        administrator, values=rows("cases.ProcessDraft", "draft_id", form="toml")
    ),
    "desk:process-draft-element": Address(
        administrator, values=rows("cases.ProcessDraft", "draft_id", kind="state", key="filed")
    ),
    "desk:process-draft-element-check": Address(
        administrator, values=rows("cases.ProcessDraft", "draft_id", kind="state", key="filed")
    ),
    "desk:process-draft-element-change": Address(
        administrator, values=rows("cases.ProcessDraft", "draft_id", kind="state", key="filed")
    ),
    "desk:drafts": ADMINISTRATION,
    "desk:new-draft": ADMINISTRATION,
    "desk:export-rules": Address(
        staff, values=lambda scene: [(None, {"form": "xlsx"}), (None, {"form": "json"})]
    ),
    "desk:draft": Address(administrator, values=rows("rulebook.Draft", "draft_id")),
    "desk:publish-draft": Address(administrator, values=rows("rulebook.Draft", "draft_id")),
    "desk:drop-draft": Address(administrator, values=rows("rulebook.Draft", "draft_id")),
    "desk:simulate-draft": Address(administrator, values=rows("rulebook.Draft", "draft_id")),
    "desk:upload-rules": Address(administrator, values=rows("rulebook.Draft", "draft_id")),
    "desk:draft-duty": Address(administrator, values=rows("rulebook.Draft", "draft_id")),
    "desk:draft-end-duty": Address(administrator, values=in_a_draft("cases.Responsibility", "row_id")),
    "desk:draft-day": Address(administrator, values=rows("rulebook.Draft", "draft_id")),
    "desk:draft-condition": Address(administrator, values=in_a_draft("catalogue.Matter", "matter_id")),
    "desk:draft-end-condition": Address(administrator, values=in_a_draft("catalogue.Matter", "matter_id")),
    "desk:draft-change": Address(
        administrator, values=rows("rulebook.DraftChange", "change_id"), opened=(200, 302)
    ),
    "desk:remove-change": Address(administrator, values=rows("rulebook.DraftChange", "change_id")),
    "desk:keep-change": Address(administrator, values=rows("rulebook.DraftChange", "change_id")),
    "desk:simulation": Address(administrator, values=rows("rulebook.Simulation", "simulation_id")),
    "desk:cancel-simulation": Address(administrator, values=rows("rulebook.Simulation", "simulation_id")),
    "desk:rule-upload": Address(administrator, values=rows("rulebook.Upload", "upload_id")),
    "desk:take-upload": Address(administrator, values=rows("rulebook.Upload", "upload_id")),
}
