from django.urls import URLPattern, URLResolver, path

from profiles.views import activities, conflicts, customers, decisions, explain, identity, merge, review, unify

app_name = "profiles"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", customers.list_, name="list"),
    path("unify/", unify.overview, name="unify"),
    path("unify/edit/", unify.edit, name="unify_edit"),
    path("unify/suggest/", unify.suggest, name="unify_suggest"),
    path("unify/run/", unify.run, name="unify_run"),
    path("unify/progress/", unify.progress, name="unify_progress"),
    path("unify/rules/<int:number>/", unify.samples, name="unify_samples"),
    path("unify/explain/", explain.explain, name="explain"),
    path("unify/review/", review.review, name="review"),
    path("unify/review/answer/", review.answer, name="review_answer"),
    path("unify/review/undo/", review.undo, name="review_undo"),
    path("unify/review/list/", review.list_, name="review_list"),
    path("unify/decisions/", decisions.list_, name="decisions"),
    path("unify/decisions/export/", decisions.export, name="decisions_export"),
    path("unify/decisions/import/", decisions.import_, name="decisions_import"),
    path("unify/merge/", merge.overview, name="merge"),
    path("unify/merge/recency/", merge.recency, name="merge_recency"),
    path("unify/merge/together/", merge.group, name="merge_group_new"),
    path("unify/merge/together/<str:name>/", merge.group, name="merge_group"),
    path("unify/merge/of/<str:name>/", merge.attribute, name="merge_attribute"),
    path("unify/conflicts/", conflicts.overview, name="conflicts"),
    path("unify/conflicts/<str:attribute>/", conflicts.people, name="conflicts_of"),
    path("activities/", activities.list_, name="activities"),
    path("activities/new/", activities.create, name="activity_create"),
    path("activities/preview/", activities.preview, name="activity_preview"),
    path("activities/<int:pk>/", activities.edit, name="activity_edit"),
    path("activities/<int:pk>/delete/", activities.delete, name="activity_delete"),
    path("<str:pk>/", customers.detail, name="detail"),
    path("<str:pk>/timeline/", customers.timeline_part, name="timeline"),
    path("<str:pk>/unmerge/", identity.take_apart, name="unmerge"),
    path("<str:pk>/same-person/", identity.same_person, name="same_person"),
    path("<str:pk>/undo/", identity.undo, name="identity_undo"),
    path("<str:pk>/records/", customers.records, name="records"),
    path("<str:pk>/origin/<str:attribute>/", customers.origin, name="origin"),
]
