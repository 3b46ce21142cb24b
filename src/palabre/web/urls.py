"""The frame's own addresses."""

from django.urls import path

from palabre.web.access import PUBLIC, allowed
from palabre.web.home import home
from palabre.web.home.rules import help_page, rules
from palabre.web.home.styleguide import styleguide
from palabre.web.home.welcome import demo_objects, language, take_seat, welcome
from palabre.web.workbench import service_worker, shell

urlpatterns = [
    path("", home, name="home"),
    path("welcome/", welcome, name="welcome"),
    path("demo/objects/", demo_objects, name="demo-objects"),
    path("demo/<uuid:account>/", take_seat, name="take-seat"),
    path("language/", language, name="language"),
    path("bench/", shell, name="workbench"),
    path("bench/sw.js", allowed(PUBLIC).guard(service_worker), name="workbench-worker"),
    path("rules/", rules, name="rules"),
    path("help/", help_page, name="help"),
    path("styleguide/", styleguide, name="styleguide"),
]
