from django.urls import URLPattern, URLResolver, path

from sources.views import files, quarantine, sources, tables

app_name = "sources"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", sources.list_, name="list"),
    path("add/", sources.add, name="add"),
    path("add/<slug:connector>/", sources.reach, name="reach"),
    path("<str:slug>/", sources.detail, name="detail"),
    path("<str:slug>/edit/", sources.edit, name="edit"),
    path("<str:slug>/remove/", sources.remove, name="remove"),
    path("<str:slug>/test/", sources.test, name="test"),
    path("<str:slug>/discard-file/", sources.discard, name="discard"),
    path("<str:slug>/tables/add/", tables.add, name="table_add"),
    path("<str:slug>/tables/<str:name>/", tables.table, name="table"),
    path("<str:slug>/tables/<str:name>/progress/", tables.progress, name="progress"),
    path("<str:slug>/tables/<str:name>/load/", tables.load, name="load"),
    path("<str:slug>/tables/<str:name>/loads/", tables.loads, name="loads"),
    path("<str:slug>/tables/<str:name>/file/", files.renew, name="table_file"),
    path("<str:slug>/tables/<str:name>/edit/", tables.edit, name="table_edit"),
    path("<str:slug>/tables/<str:name>/remove/", tables.remove, name="table_remove"),
    path("<str:slug>/tables/<str:name>/columns/<int:pk>/", tables.column, name="column"),
    path("<str:slug>/tables/<str:name>/set-aside/", quarantine.quarantine, name="quarantine"),
    path("<str:slug>/tables/<str:name>/set-aside.csv", quarantine.quarantine_csv, name="quarantine_csv"),
]
