from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.policy.views import approval, author, staff

app_name = "policy"
urlpatterns: list[URLPattern] = [
    path("", staff.read, name="read"),
    path("confirm/", staff.acknowledge, name="acknowledge"),
    path("receipts/<str:receipt>/", staff.receipt, name="receipt"),
    path("versions/<int:number>/", staff.version, name="version"),
    path("versions/<int:number>/policy.json", staff.version_json, name="version_json"),
    path("set/", author.overview, name="overview"),
    path("set/adopt/", author.adopt, name="adopt"),
    path("set/draft/", author.draft, name="draft"),
    path("set/draft/details/", author.params, name="params"),
    path("set/draft/publish/", approval.publish, name="publish"),
    path("set/draft/submit/", approval.submit, name="submit"),
    path("set/draft/take-back/", approval.take_back, name="take_back"),
    path("set/owner/", approval.owner, name="owner"),
    path("approval/", approval.approval, name="approval"),
    path("set/draft/discard/", author.discard, name="discard"),
]
