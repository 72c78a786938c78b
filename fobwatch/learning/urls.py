from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.learning.views import author, mine, progress

app_name = "learning"
urlpatterns: list[URLPattern] = [
    path("", mine.mine, name="mine"),
    path("begin/<slug:module>/", mine.begin, name="begin"),
    path("attempt/<slug:attempt_id>/<int:place>/", mine.question, name="question"),
    path("attempt/<slug:attempt_id>/result/", mine.result, name="result"),
    path("progress/", progress.progress, name="progress"),
    path("team/", progress.team, name="team"),
    path("questions/", author.questions, name="questions"),
    path("questions/<slug:clause>/", author.clause, name="clause"),
    path("questions/<slug:clause>/add/", author.add, name="add"),
    path("withdraw/<slug:question_id>/", author.withdraw, name="withdraw"),
]
