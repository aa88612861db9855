from django.urls import URLPattern, URLResolver, path

from measures import views

app_name = "measures"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.list_, name="list"),
    path("new/", views.create, name="create"),
    path("conditions/", views.conditions, name="conditions"),
    path("try/", views.try_out, name="try_out"),
    path("<str:slug>/", views.detail, name="detail"),
    path("<str:slug>/edit/", views.edit, name="edit"),
    path("<str:slug>/delete/", views.delete, name="delete"),
]
