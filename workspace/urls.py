from django.urls import URLPattern, URLResolver, path

from workspace import views

app_name = "workspace"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("download/", views.download, name="download"),
]
