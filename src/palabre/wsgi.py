"""The web application, for granian."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.django_settings")

from django.core.wsgi import get_wsgi_application

from palabre import logs
from palabre.settings import current

logs.configure(current().log_level)
application = get_wsgi_application()
