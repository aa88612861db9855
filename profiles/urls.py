from django.urls import URLPattern, URLResolver, path

from profiles.views import activities, customers, unify

app_name = "profiles"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", customers.list_, name="list"),
    path("unify/", unify.overview, name="unify"),
    path("unify/edit/", unify.edit, name="unify_edit"),
    path("unify/suggest/", unify.suggest, name="unify_suggest"),
    path("unify/run/", unify.run, name="unify_run"),
    path("unify/progress/", unify.progress, name="unify_progress"),
    path("unify/rules/<int:number>/", unify.samples, name="unify_samples"),
    path("activities/", activities.list_, name="activities"),
    path("activities/new/", activities.create, name="activity_create"),
    path("activities/preview/", activities.preview, name="activity_preview"),
    path("activities/<int:pk>/", activities.edit, name="activity_edit"),
    path("activities/<int:pk>/delete/", activities.delete, name="activity_delete"),
    path("<str:pk>/", customers.detail, name="detail"),
    path("<str:pk>/timeline/", customers.timeline_part, name="timeline"),
    path("<str:pk>/records/", customers.records, name="records"),
    path("<str:pk>/origin/<str:attribute>/", customers.origin, name="origin"),
]
