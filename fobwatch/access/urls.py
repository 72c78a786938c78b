from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.access.views import emergencies, mine, publish, register, whatif

app_name = "access"
urlpatterns: list[URLPattern] = [
    path("", mine.mine, name="mine"),
    path("why", mine.why, name="why"),
    path("emergency", emergencies.start, name="emergency"),
    path("emergency/<str:emergency_id>/end", emergencies.end, name="emergency_end"),
    path("emergencies", emergencies.listing, name="emergencies"),
    path("emergencies/<str:emergency_id>", emergencies.review, name="emergency_review"),
    path("what-if", whatif.whatif, name="whatif"),
    path("what-if/picture", whatif.fragment, name="whatif_picture"),
    path("what-if/approval", whatif.for_approval, name="whatif_approval"),
    path("what-if/keep", whatif.keep, name="whatif_keep"),
    path("publish", publish.publish, name="publish"),
    path("what-if/people", whatif.listing, name="whatif_people"),
    path("what-if/file", whatif.export, name="whatif_file"),
    path("register", register.listing, name="register"),
    path("register/file", register.export, name="register_file"),
    path("register/<str:registration_id>", register.device, name="device"),
]
