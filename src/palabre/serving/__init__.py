"""The way of a request from the web server to Django's threads and back.

Threads are few, since each may hold a connection to the database; links are slow. So a body is gathered
before a thread is taken (`gathering`), and an answer is sent after it was given back (`answering`): whoever has
a slow link makes nobody else wait.
"""
