from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.notices.views import asking, inbox, patients

app_name = "notices"
urlpatterns: list[URLPattern] = [
    path("ask/", asking.ask, name="ask"),
    path("ask/new/", asking.new, name="new"),
    path("ask/answers/", asking.answers, name="answers"),
    path("ask/answers/<str:entry_id>/check/", inbox.check, name="check"),
    path("ask/answers/<str:entry_id>/retire/", inbox.retire, name="retire"),
    path("ask/questions/<str:question_id>/", asking.question, name="question"),
    path("ask/questions/<str:question_id>/take-back/", asking.withdraw, name="withdraw"),
    path("ask/inbox/", inbox.inbox, name="inbox"),
    path("ask/inbox/<str:question_id>/", inbox.question, name="inbox_question"),
    path("ask/inbox/<str:question_id>/take/", inbox.take, name="take"),
    path("ask/inbox/<str:question_id>/give-back/", inbox.give_back, name="give_back"),
    path("ask/inbox/<str:question_id>/publish/", inbox.publish, name="publish"),
    path("ask/patients/", patients.patients, name="patients"),
    path("notice/<slug:slug>/", patients.notice, name="notice"),
    path("notice/<slug:slug>/fragment/", patients.fragment, name="fragment"),
    path("notice/<slug:slug>/notice.json", patients.notice_json, name="notice_json"),
]
