from django.urls import URLPattern, URLResolver, path

from segments import views

app_name = "segments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.list_, name="list"),
    path("new/", views.new, name="new"),
    path("<str:slug>/", views.detail, name="detail"),
    path("<str:slug>/edit/", views.edit, name="edit"),
    path("<str:slug>/gathering/", views.gathering, name="gathering"),
    path("<str:slug>/why/", views.explain, name="explain"),
    path("<str:slug>/members.csv", views.members_csv, name="members_csv"),
    path("<str:slug>/publish/", views.publish, name="publish"),
    path("<str:slug>/unpublish/", views.unpublish, name="unpublish"),
    path("<str:slug>/duplicate/", views.duplicate, name="duplicate"),
    path("<str:slug>/delete/", views.delete, name="delete"),
]
