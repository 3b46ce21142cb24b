"""The web application, for granian."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.django_settings")

from django.core.wsgi import get_wsgi_application

from palabre import logs
from palabre.serving.application import Application
from palabre.settings import current

logs.configure(current().log_level)
application = Application(get_wsgi_application(), current().web_threads)
