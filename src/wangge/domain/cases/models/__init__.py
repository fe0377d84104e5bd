"""Tables of the case: itself, its append-only history, and what hangs on it."""

from wangge.domain.cases.models.case import ALIVE, Case, CaseWords, Serial
from wangge.domain.cases.models.contact import TAIL, Contact, digits_of, tail_mark
from wangge.domain.cases.models.history import CaseEvent, RepeatAlarm, Support
from wangge.domain.cases.models.kinds import Channel, Light, Procedure
from wangge.domain.cases.models.photos import Photo
from wangge.domain.cases.models.processes import DraftStep, Process, ProcessDraft, Simulation
from wangge.domain.cases.models.responsibility import Responsibility
from wangge.domain.cases.models.sounds import Sound

__all__ = [
    "ALIVE",
    "TAIL",
    "Case",
    "CaseEvent",
    "CaseWords",
    "Channel",
    "Contact",
    "DraftStep",
    "Light",
    "Photo",
    "Procedure",
    "Process",
    "ProcessDraft",
    "RepeatAlarm",
    "Responsibility",
    "Serial",
    "Simulation",
    "Sound",
    "Support",
    "digits_of",
    "tail_mark",
]
