from django.urls import URLPattern, URLResolver, path

from lake import views

app_name = "lake"

urlpatterns: list[URLPattern | URLResolver] = [
    path("tables/", views.tables, name="tables"),
    path("relationships/", views.relationships, name="relationships"),
    path("relationships/add/", views.relationship_add, name="relationship_add"),
    path("preview/<path:name>", views.preview, name="preview"),
    path("export/<path:name>", views.export_csv, name="export"),
    path("tables/<path:name>", views.table, name="table"),
]
