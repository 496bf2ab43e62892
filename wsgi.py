"""For a WSGI server: gunicorn wsgi:app. Jobs are done by `plenary worker`."""

from crm import create_app
from crm.infra.queue import make_queue
from crm.settings import read_settings

settings = read_settings()
app = create_app(settings)
make_queue(settings.queue_url)
