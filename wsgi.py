"""For a WSGI server: gunicorn wsgi:app"""

from crm import create_app

app = create_app()
