"""What the load tool is pointed at, each a WSGI application as granian finds it."""
