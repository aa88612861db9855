from django.urls import URLPattern, URLResolver, path

from rules import views
from rules.api import RuleViewSet

app_name = "rules"

urlpatterns: list[URLPattern | URLResolver] = [
    path("attributes/", RuleViewSet.as_view({"get": "attributes"}), name="attributes"),
    path("values/", RuleViewSet.as_view({"get": "values"}), name="values"),
    path("describe/", RuleViewSet.as_view({"post": "describe"}), name="describe"),
    path("count/", views.count, name="count"),
]
