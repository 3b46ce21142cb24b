"""Pages of the room."""

from django.urls import path

from palabre.quality.views.figures import quality, task, tasks
from palabre.quality.views.members import project_members
from palabre.quality.views.own_project import member_project
from palabre.quality.views.reviews import give_back, next_review, review, reviewed_answers, reviews, undo

_QUALITY = "projects/<uuid:project>/quality/"

urlpatterns = [
    path(_QUALITY, quality, name="project-quality"),
    path(_QUALITY + "tasks/", tasks, name="quality-tasks"),
    path(_QUALITY + "tasks/<row:task>/", task, name="quality-task"),
    path("work/<uuid:project>/", member_project, name="member-project"),
    path("projects/<uuid:project>/members/", project_members, name="project-members"),
    path("projects/<uuid:project>/reviews/next/", next_review, name="review-next"),
    path("reviews/", reviews, name="reviews"),
    path("reviews/<row:review>/", review, name="review"),
    path("reviews/<row:review>/return/", give_back, name="review-return"),
    path("reviews/<row:review>/undo/", undo, name="review-undo"),
    path("answers/reviewed/", reviewed_answers, name="reviewed-answers"),
]
