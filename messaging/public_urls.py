from django.urls import path

from messaging import public_views as views

urlpatterns = [
    path("o/<str:token>.gif", views.open_pixel, name="track-open"),
    path("c/<str:token>", views.click, name="track-click"),
    path("u/<str:token>", views.unsubscribe, name="unsubscribe"),
]
