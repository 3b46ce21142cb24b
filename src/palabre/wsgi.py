"""The web application, for granian."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.django_settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

from palabre import logs  # noqa: E402
from palabre.settings import current  # noqa: E402

logs.configure(current().log_level)
application = get_wsgi_application()
