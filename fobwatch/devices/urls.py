from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.devices import api
from fobwatch.devices.views import enrol, issue, lost, mine, register, support, team

app_name = "devices"
urlpatterns: list[URLPattern] = [
    path("", mine.mine, name="mine"),
    path("enrol/", enrol.start, name="start"),
    path("enrol/what-we-see/", enrol.sight, name="sight"),
    path("enrol/key/", enrol.key, name="key"),
    path("enrol/key/options", api.key_options, name="key_options"),
    path("enrol/key/answer", api.key_answer, name="key_answer"),
    path("enrol/questions/<slug:group>/", enrol.checklist, name="checklist"),
    path("enrol/not-this-device/", enrol.put_back, name="put_back"),
    path("enrol/done/", enrol.done, name="done"),
    path("check-in/", api.check_in, name="check_in"),
    path("own/<slug:registration_id>/", mine.device, name="device"),
    path("own/<slug:registration_id>/download", mine.download, name="download"),
    path("own/<slug:registration_id>/remove/", mine.remove, name="remove"),
    path("privacy/", mine.privacy, name="privacy"),
    path("poster/", mine.poster, name="poster"),
    path("team/", team.team, name="team"),
    path("lost/", lost.lost, name="lost"),
    path("lost/code/", lost.lost_code, name="lost_code"),
    path("lost/done/<str:told>/", lost.lost_done, name="lost_done"),
    path("issue/", issue.issue, name="issue"),
    path("issue/<slug:member_id>/", issue.issue, name="issue"),
    path("register/<slug:registration_id>/", register.registration, name="registration"),
    path("register/<slug:registration_id>/<slug:move>/", register.move, name="move"),
    path("support/", support.support, name="support"),
    path("support/line/", support.line, name="support_line"),
    path("support/line/<slug:line_id>/remove/", support.drop, name="support_drop"),
]
