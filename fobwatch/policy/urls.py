from django.urls import path
from django.urls.resolvers import URLPattern

from fobwatch.policy.views import approval, author, clauses, compare, documents, exchange, proofs, staff

app_name = "policy"
urlpatterns: list[URLPattern] = [
    path("", staff.read, name="read"),
    path("confirm/", staff.acknowledge, name="acknowledge"),
    path("receipts/<str:receipt>/", staff.receipt, name="receipt"),
    path("versions/<int:number>/", staff.version, name="version"),
    path("versions/<int:number>/policy.json", staff.version_json, name="version_json"),
    path("versions/<int:number>/formal.pdf", documents.formal, {"kind": "pdf"}, name="formal_pdf"),
    path("versions/<int:number>/formal.docx", documents.formal, {"kind": "docx"}, name="formal_docx"),
    path("versions/<int:number>/policy.cedar", documents.engine, {"kind": "cedar"}, name="cedar"),
    path("versions/<int:number>/cedarschema.json", documents.engine, {"kind": "cedarschema"}, name="cedar_schema"),
    path("versions/<int:number>/policy.rego", documents.engine, {"kind": "rego"}, name="rego"),
    path("policy.pdf", documents.staff_pdf, name="staff_pdf"),
    path("schema.json", documents.json_schema, name="schema"),
    path("easy/", documents.easy_read, name="easy"),
    path("duties/", documents.duties, name="duties"),
    path("set/import/", exchange.bring_in, name="import"),
    path("set/draft/formal.pdf", documents.formal_draft, {"kind": "pdf"}, name="draft_pdf"),
    path("set/draft/formal.docx", documents.formal_draft, {"kind": "docx"}, name="draft_docx"),
    path("set/", author.overview, name="overview"),
    path("set/adopt/", author.adopt, name="adopt"),
    path("set/draft/", author.draft, name="draft"),
    path("set/draft/details/", author.params, name="params"),
    path("set/draft/rules/add/", clauses.add, name="clause_add"),
    path("set/draft/rules/<slug:clause_id>/", clauses.clause, name="clause"),
    path("set/draft/rules/<slug:clause_id>/margin/", clauses.margin, name="clause_margin"),
    path("set/draft/rules/<slug:clause_id>/take-out/", clauses.remove, name="clause_remove"),
    path("set/draft/template/", clauses.news, name="news"),
    path("versions/compare/", compare.compare, name="compare"),
    path("set/draft/submit/", approval.submit, name="submit"),
    path("set/draft/take-back/", approval.take_back, name="take_back"),
    path("set/proofs/", proofs.proofs, name="proofs"),
    path("set/proofs/claims/add/", proofs.promise_add, name="promise_add"),
    path("set/proofs/claims/<str:promise_id>/take-away/", proofs.promise_remove, name="promise_remove"),
    path("set/owner/", approval.owner, name="owner"),
    path("approval/", approval.approval, name="approval"),
    path("set/draft/discard/", author.discard, name="discard"),
]
