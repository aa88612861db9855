from django.urls import URLPattern, URLResolver, path

from jobs import views

app_name = "jobs"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.list_, name="list"),
    path("pulse/", views.pulse, name="pulse"),
    path("running/", views.running, name="running"),
    path("refresh/", views.refresh, name="refresh"),
    path("schedule/", views.schedule, name="schedule"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/retry/", views.retry, name="retry"),
]
