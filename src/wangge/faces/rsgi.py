"""The application that granian serves: `granian --interface rsgi wangge.faces.rsgi:application`."""

import os

from wangge.faces.serving.bodies import Pace
from wangge.faces.serving.gateway import Gateway
from wangge.faces.wsgi import application as wsgi

# Pages wait for the database half of their time: more threads only quarrel over one interpreter.
THREADS = 2
PACE = Pace(patience_s=float(os.environ.get("WANGGE_BODY_SECONDS", "20")))
application = Gateway(wsgi, THREADS, PACE)
